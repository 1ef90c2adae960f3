import { basicOf, credentialOf } from "../../oauth/access.js";
import type { Grants } from "../../kit/grants.js";
import { TokenFormat, type ShownAccessToken } from "../../oauth/tokens.js";

/** API keys are `api_sandbox-<account>`; what consent gives is a token. */
export const TOKENS = new TokenFormat({ prefix: "close", staticPrefix: "api_sandbox-" });

/** An API key that opens the account, without end and without anybody's consent. */
export function apiKeyOf(account: string): string {
  return `api_sandbox-${account}`;
}

/** Whose a call is: by API key as the user name of Basic authentication, or by Bearer token; null where it is nobody's. */
export function callerOf(
  authorization: string | undefined,
  grants: Grants,
  now: number,
): { account: string; credential: string } | null {
  const basic = basicOf(authorization);
  const credential = basic ? (basic.password === "" ? basic.user : null) : credentialOf(authorization, "Bearer");
  const shown = credential === null ? null : TOKENS.readAccessToken(credential);
  if (credential === null || !shown || !grants.opens(credential, shown)) return null;
  return isOf(shown, basic ? "KEY" : "TOKEN", now) ? { account: shown.account, credential } : null;
}

function isOf({ expiresAt }: ShownAccessToken, kind: "KEY" | "TOKEN", now: number): boolean {
  return kind === "KEY" ? expiresAt === null : expiresAt !== null && expiresAt > now;
}
