import type { Credentials } from "../../providers/contract/contract.js";
import { refreshGrant } from "../../providers/oauth/grants.js";
import { detached, type OperationScope } from "../calls/operation.js";
import type { Reach, UpstreamAccess } from "../calls/upstream-access.js";
import type { RenewedCredentials } from "../credentials/credential-store.js";

/**
 * Asks a provider for a new credential in place of one that has expired or was refused. The caller may leave meanwhile: a
 * token that is being rotated must arrive.
 * @returns null if there is nothing to renew the credential with
 * @throws CrmError NEEDS_REAUTH if the provider refuses
 */
export async function renewAtProvider(
  { access, now }: { access: UpstreamAccess; now: () => number },
  reach: Reach,
  credentials: Credentials,
  operation: OperationScope,
): Promise<RenewedCredentials | null> {
  const { provider } = reach;
  const bounds = detached(operation, now());
  if (provider.oauth) {
    if (!credentials["refreshToken"]) return null;
    const exchange = access.oauth(reach, credentials["authorizationServer"], bounds);
    return refreshGrant(exchange, provider.oauth, credentials);
  }
  const renewed = await provider.renew?.(access.api(reach, credentials, bounds).exchange, credentials);
  return renewed ? { credentials: renewed, scopes: null, expiresAt: expiryOf(renewed) } : null;
}

/** When a credential says that it expires; null if it does not say. */
export function expiryOf({ expiresAt }: Credentials): Date | null {
  const time = Date.parse(expiresAt ?? "");
  return Number.isNaN(time) ? null : new Date(time);
}
