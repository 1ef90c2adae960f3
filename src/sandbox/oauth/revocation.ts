import type { Grants } from "../kit/grants.js";
import type { TokenFormat } from "./tokens.js";

/**
 * REVOKED: the token was valid until now. DEAD: the token was valid before. UNKNOWN: this CRM never issued the token.
 */
export type RevocationOutcome = "REVOKED" | "DEAD" | "UNKNOWN";

/** Revokes a refresh token with its family, or an access token alone (RFC 7009). */
export function revokeToken(grants: Grants, format: TokenFormat, token: string, now: number): RevocationOutcome {
  const refreshToken = format.readRefreshToken(token);
  if (refreshToken) {
    if (!grants.isAlive(refreshToken)) return "DEAD";
    grants.revoke(refreshToken.account, refreshToken.family);
    return "REVOKED";
  }
  const accessToken = format.readAccessToken(token);
  // An app cannot revoke a token without consent, which never expires.
  if (accessToken === null || accessToken.expiresAt === null) return "UNKNOWN";
  if (accessToken.expiresAt <= now || !grants.opens(token, accessToken)) return "DEAD";
  grants.revokeAccessToken(token);
  return "REVOKED";
}
