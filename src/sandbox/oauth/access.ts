import type { Accounts } from "../kit/accounts.js";
import type { SandboxCrmContext } from "../kit/crm.js";
import type { TokenFormat } from "./tokens.js";

/** The access that an access token gives. `expiresAt` is in ms since the epoch. Null if the token never expires. */
export type Access<Account> =
  | { state: "OPEN"; account: Account; expiresAt: number | null }
  | { state: "EXPIRED"; account: null; expiresAt: number }
  | { state: "UNKNOWN"; account: null; expiresAt: null };

export function accessOf<Account>(
  token: string,
  format: TokenFormat,
  { grants, now }: Pick<SandboxCrmContext, "grants" | "now">,
  accounts: Accounts<Account>,
): Access<Account> {
  const shown = format.readAccessToken(token);
  if (!shown || !grants.opens(token, shown)) return { state: "UNKNOWN", account: null, expiresAt: null };
  const { expiresAt } = shown;
  if (expiresAt !== null && expiresAt <= now()) return { state: "EXPIRED", account: null, expiresAt };
  return { state: "OPEN", account: accounts.get(shown.account)!, expiresAt };
}

/** Reads the credential of an Authorization header. Null if the header has another scheme or is missing. */
export function credentialOf(authorization: string | undefined, scheme: string): string | null {
  const [, found, credential] = /^(\S+) +(\S+)$/.exec(authorization ?? "") ?? [];
  return found?.toLowerCase() === scheme.toLowerCase() ? credential! : null;
}

/** Reads user name and password of a Basic header. Null if the header is not one. */
export function basicOf(authorization: string | undefined): { user: string; password: string } | null {
  const encoded = credentialOf(authorization, "Basic");
  if (encoded === null) return null;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? null : { user: formDecoded(text.slice(0, colon)), password: formDecoded(text.slice(colon + 1)) };
}

/**
 * Decodes a user name or password, which may be form-encoded (RFC 6749, section 2.3.1). Many clients do not encode
 * them. Most ids are the same in both forms.
 */
function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
