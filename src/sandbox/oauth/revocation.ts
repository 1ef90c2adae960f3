import type { Grants } from "../kit/grants.js";
import type { TokenFormat } from "./tokens.js";

/** REVOKED: it was good until now. DEAD: it had been one. UNKNOWN: it never was a token of this CRM. */
export type RevocationOutcome = "REVOKED" | "DEAD" | "UNKNOWN";

/** Takes back a token of either kind (RFC 7009): a refresh token with its family, an access token alone. */
export function revokeToken(grants: Grants, format: TokenFormat, token: string, now: number): RevocationOutcome {
  const refreshToken = format.readRefreshToken(token);
  if (refreshToken) {
    if (!grants.isAlive(refreshToken)) return "DEAD";
    grants.revoke(refreshToken.account, refreshToken.family);
    return "REVOKED";
  }
  const accessToken = format.readAccessToken(token);
  // What no consent gave, no app can give back.
  if (accessToken === null || accessToken.expiresAt === null) return "UNKNOWN";
  if (accessToken.expiresAt <= now || !grants.opens(token, accessToken)) return "DEAD";
  grants.revokeAccessToken(token);
  return "REVOKED";
}
