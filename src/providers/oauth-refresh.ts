import { CrmError } from "../errors/crm-error.js";
import type { CredentialExchange, Credentials } from "./contract.js";

interface TokenAnswer {
  access_token?: unknown;
  refresh_token?: unknown;
  expires_in?: unknown;
}

/**
 * The OAuth 2.0 refresh grant (RFC 6749 §6).
 * The old refresh token is kept where the answer has none, and replaced where it rotates.
 * @returns null when there is no refresh token or no OAuth client to use it with
 * @throws CrmError NEEDS_REAUTH when the grant is refused; PROVIDER_UNAVAILABLE and the like when nobody answered
 */
export async function refreshAccessToken(
  exchange: CredentialExchange,
  tokenPath: string,
  credentials: Credentials,
): Promise<Credentials | null> {
  const refreshToken = credentials["refreshToken"];
  if (!refreshToken || !exchange.client) return null;
  const { body } = await exchange.send({
    method: "POST",
    path: tokenPath,
    form: {
      grant_type: "refresh_token",
      refresh_token: refreshToken,
      client_id: exchange.client.id,
      client_secret: exchange.client.secret,
    },
    // Where refresh tokens rotate, a second use of the same one revokes the connection.
    safe: false,
  });
  const answer = body as TokenAnswer;
  if (typeof answer?.access_token !== "string") {
    throw new CrmError("PROVIDER_ERROR", { detail: "The token endpoint’s answer has no access token." });
  }
  const expiresIn = Number(answer.expires_in);
  // The old expiry says nothing of the new token.
  const { expiresAt: _expired, ...kept } = credentials;
  return {
    ...kept,
    accessToken: answer.access_token,
    ...(typeof answer.refresh_token === "string" ? { refreshToken: answer.refresh_token } : {}),
    ...(expiresIn > 0 ? { expiresAt: new Date(exchange.now() + expiresIn * 1000).toISOString() } : {}),
  };
}

/** Errors of a token endpoint that end the grant, as opposed to those of a busy or broken server. */
const REFUSED_GRANT = new Set(["invalid_grant", "access_denied", "BAD_REFRESH_TOKEN"]);
/** Those that refuse crmesh itself: a mistake of its operator, for which no end user should have to reconnect. */
const REFUSED_CLIENT = new Set(["invalid_client", "unauthorized_client", "BAD_CLIENT_ID", "BAD_CLIENT_SECRET"]);

/** Reads an OAuth error body; null when it is none. Decided on the code alone: texts are the vendor's to change. */
export function oauthRefusal(body: unknown, status: number): CrmError | null {
  const { error, status: vendorStatus } = (body ?? {}) as { error?: unknown; status?: unknown };
  const codes = [error, vendorStatus].filter((value) => typeof value === "string");
  const client = codes.find((code) => REFUSED_CLIENT.has(code));
  if (client !== undefined) {
    return new CrmError("SERVICE_UNAVAILABLE", {
      detail: "The provider refuses the OAuth client of crmesh; its operator has to correct the client's id or secret.",
      upstream: { status, code: client },
    });
  }
  const grant = codes.find((code) => REFUSED_GRANT.has(code));
  return grant === undefined ? null : new CrmError("NEEDS_REAUTH", { upstream: { status, code: grant } });
}
