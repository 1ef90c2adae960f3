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
  return {
    ...credentials,
    accessToken: answer.access_token,
    ...(typeof answer.refresh_token === "string" ? { refreshToken: answer.refresh_token } : {}),
    ...(expiresIn > 0 ? { expiresAt: new Date(exchange.now() + expiresIn * 1000).toISOString() } : {}),
  };
}

/** Errors of a token endpoint that end the grant, as opposed to those of a busy or broken server. */
const REFUSALS = new Set([
  "invalid_grant",
  "invalid_client",
  "unauthorized_client",
  "access_denied",
  "BAD_REFRESH_TOKEN",
]);

/** Reads an OAuth error body; null when it is none. Decided on the code alone: texts are the vendor's to change. */
export function oauthRefusal(body: unknown, status: number): CrmError | null {
  const { error, status: vendorStatus } = (body ?? {}) as { error?: unknown; status?: unknown };
  const code = [error, vendorStatus].find((value) => typeof value === "string" && REFUSALS.has(value));
  return code === undefined ? null : new CrmError("NEEDS_REAUTH", { upstream: { status, code: code as string } });
}
