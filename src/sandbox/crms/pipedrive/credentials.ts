import type { IncomingHttpHeaders } from "node:http";
import type { Grants } from "../../kit/grants.js";
import { accessOf, credentialOf } from "../../oauth/access.js";
import { TokenFormat } from "../../oauth/tokens.js";

export const ACCESS_TOKEN_SECONDS = 3599;

/** Access tokens of apps, and the personal API token that every user has. */
export const TOKENS = new TokenFormat({ prefix: "pd", staticPrefix: "pd-token-" });

/** Who calls; a token of each kind has a limit of its own. */
export interface Caller {
  account: string;
  token: string;
  isApiToken: boolean;
}

/** Expired, revoked and made-up tokens are all the same to Pipedrive. */
export function callerOf(headers: IncomingHttpHeaders, grants: Grants, now: number): Caller | null {
  const apiToken = headers["x-api-token"];
  const isApiToken = typeof apiToken === "string" && apiToken !== "";
  const token = isApiToken ? apiToken : credentialOf(headers.authorization, "Bearer");
  if (!token) return null;
  const access = accessOf(token, { format: TOKENS, grants, now });
  // An API token is no access token, nor the other way round.
  if (access.state !== "OPEN" || access.expires === isApiToken) return null;
  return { account: access.account, token, isApiToken };
}
