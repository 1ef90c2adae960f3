import { type Grant, type Grants, seedGrant } from "../../kit/grants.js";
import { type ShownAccessToken, TokenFormat } from "../../oauth/tokens.js";

export const ACCESS_TOKEN_SECONDS = 1800;

export const TOKENS = new TokenFormat({ prefix: "hs", staticPrefix: "pat-sandbox-" });

/** The access token of a call; null where there is none that opens an account, expired ones aside. */
export function readBearer(authorization: string | undefined, grants: Grants): ShownAccessToken | null {
  const token = /^Bearer\s+(\S+)$/i.exec(authorization ?? "")?.[1] ?? "";
  const shown = TOKENS.readAccessToken(token);
  return shown && grants.opens(token, shown) ? shown : null;
}

export function issueCredentials(account: string, now: number, grant: Grant = seedGrant(account)) {
  const expiresAt = now + ACCESS_TOKEN_SECONDS * 1000;
  return {
    accessToken: TOKENS.accessToken(grant, expiresAt),
    refreshToken: TOKENS.refreshToken(grant),
    expiresAt: new Date(expiresAt).toISOString(),
  };
}
