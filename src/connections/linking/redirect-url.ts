import { invalidInput } from "../../errors/crm-error.js";
import type { Environment } from "../../store/schema.js";

/** The URL is stored in cookies, and browsers silently drop cookies of more than 4,096 bytes. */
const MAX_BYTES = 2_048;
/** Characters that URL parsers accept, but that are most likely mistakes. */
const FORGIVEN = /[\s\p{Cc}\\]/u;
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Checks and normalizes a URL to which end users return. Test tokens allow any http URL; live tokens only https or the
 * developer's own machine.
 *
 * @param path names the input in the error
 * @throws CrmError INVALID_INPUT
 */
export function readRedirectUrl(text: string, environment: Environment, path: string): string {
  const url = FORGIVEN.test(text) ? null : URL.parse(text);
  const problem = url === null ? ABSOLUTE : problemOf(url, environment);
  if (url !== null && problem === null) return url.href;
  throw invalidInput({ [path]: problem ?? ABSOLUTE });
}

const ABSOLUTE = "This must be an absolute URL, such as https://app.example.com/settings.";

function problemOf(url: URL, environment: Environment): string | null {
  if (url.protocol !== "https:" && url.protocol !== "http:") return "This must be an https URL.";
  if (url.username || url.password) return "This must not contain a user name or password.";
  if (url.href.includes("#")) return "This must not have a fragment (#…).";
  if (url.href.length > MAX_BYTES)
    return `Expected at most ${MAX_BYTES} bytes in percent-encoded form, got ${url.href.length}.`;
  const plain = url.protocol === "http:" && !LOOPBACK.has(url.hostname);
  return plain && environment === "live" ? "This must be an https URL. http is allowed only for localhost." : null;
}
