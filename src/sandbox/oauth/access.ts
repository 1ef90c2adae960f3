import type { Grants } from "../kit/grants.js";
import type { TokenFormat } from "./tokens.js";

/** What an access token opens: an account, or nothing (any more). */
export type Access = { state: "OPEN"; account: string; expires: boolean } | { state: "EXPIRED" } | { state: "UNKNOWN" };

export function accessOf(
  token: string,
  { format, grants, now }: { format: TokenFormat; grants: Grants; now: number },
): Access {
  const shown = format.readAccessToken(token);
  if (!shown || !grants.opens(token, shown)) return { state: "UNKNOWN" };
  if (shown.expiresAt !== null && shown.expiresAt <= now) return { state: "EXPIRED" };
  return { state: "OPEN", account: shown.account, expires: shown.expiresAt !== null };
}

/** The credential of an Authorization header of that scheme; null when it has another, or there is none. */
export function credentialOf(authorization: string | undefined, scheme: string): string | null {
  const [, found, credential] = /^(\S+) +(\S+)$/.exec(authorization ?? "") ?? [];
  return found?.toLowerCase() === scheme.toLowerCase() ? credential! : null;
}

/** User name and password of a Basic header; null when it is none. */
export function basicOf(authorization: string | undefined): { user: string; password: string } | null {
  const encoded = credentialOf(authorization, "Basic");
  if (encoded === null) return null;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? null : { user: formDecoded(text.slice(0, colon)), password: formDecoded(text.slice(colon + 1)) };
}

/** Both may be form-encoded (RFC 6749, section 2.3.1); many clients leave that out, which is the same for most ids. */
function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
