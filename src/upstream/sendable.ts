import { validateHeaderName, validateHeaderValue } from "node:http";
import { invalidInput } from "../errors/crm-error.js";
import type { UpstreamRequest } from "./request.js";

/** True if a header of HTTP can carry the text: it has no control characters and only characters of Latin-1. */
export function isHeaderText(text: string): boolean {
  return succeeds(() => validateHeaderValue("value", text));
}

/**
 * Refuses a request that cannot leave the process. The error names the part of the request and never repeats a value.
 * @throws CrmError INVALID_INPUT under `url`, `headers.<name>` or `body`
 */
export function assertSendable({ url, headers = {}, json, safe }: UpstreamRequest): void {
  const errors: Record<string, string> = {};
  const { protocol } = URL.parse(url) ?? {};
  if (protocol !== "https:" && protocol !== "http:") errors["url"] = "This is not the address of a web server.";
  for (const [name, value] of Object.entries(headers)) {
    if (!succeeds(() => validateHeaderName(name)) || !isHeaderText(value)) {
      errors[`headers.${name}`] = "A header of HTTP cannot carry this value. Use only Latin letters, digits and signs.";
    }
  }
  if (json !== undefined && !succeeds(() => JSON.stringify(json))) errors["body"] = "This cannot be written as JSON.";
  if (Object.keys(errors).length > 0) throw invalidInput(errors, safe ? {} : { outcome: "NOT_SENT" });
}

function succeeds(check: () => unknown): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}
