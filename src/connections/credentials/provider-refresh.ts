import type { Credentials } from "../../providers/contract/contract.js";
import { refreshGrant, type TokenGrant } from "../../providers/oauth/grants.js";
import type { CallTarget } from "../calls/call-target.js";
import type { Operation } from "../calls/operation.js";
import type { UpstreamAccess } from "../calls/upstream-access.js";

/** Credentials that a provider has issued, in the form of an OAuth grant. Also used for providers without OAuth. */
export type IssuedCredentials = TokenGrant;

/**
 * Asks a provider for new credentials in place of expired or refused ones: OAuth's refresh grant, or `Provider.renew`.
 * @returns null if these credentials cannot be renewed
 * @throws CrmError NEEDS_REAUTH if the provider refuses
 */
export async function refreshAtProvider(
  access: UpstreamAccess,
  target: CallTarget,
  credentials: Credentials,
  operation: Operation,
): Promise<IssuedCredentials | null> {
  const { provider } = target;
  if (provider.oauth) {
    if (!credentials["refreshToken"]) return null;
    const exchange = access.oauth(target, credentials["authorizationServer"], operation);
    return refreshGrant(exchange, provider.oauth, credentials);
  }
  const renewed = await provider.renew?.(access.api(target, credentials, operation).exchange, credentials);
  return renewed ? { credentials: renewed, scopes: null, expiresAt: expiryOf(renewed) } : null;
}

/** The time at which credentials expire; null if they do not name one. */
export function expiryOf({ expiresAt }: Credentials): Date | null {
  const time = Date.parse(expiresAt ?? "");
  return Number.isNaN(time) ? null : new Date(time);
}
