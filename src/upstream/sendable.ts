import { validateHeaderName, validateHeaderValue } from "node:http";
import { invalidInput } from "../errors/crm-error.js";
import type { SendableRequest, UpstreamRequest } from "./request.js";

const PROTOCOLS: ReadonlySet<string> = new Set(["https:", "http:"]);

/** True if a header of HTTP can carry the text: it has no control characters and only characters of Latin-1. */
export function isHeaderText(text: string): boolean {
  return succeeds(() => validateHeaderValue("value", text));
}

/**
 * Refuses a request that cannot leave the process. The error names the part of the request and never repeats a value.
 * @throws CrmError INVALID_INPUT under `url`, `headers.<name>` or `body`
 */
export function sendable(request: UpstreamRequest): SendableRequest {
  const { url, headers = {}, json, safe } = request;
  const errors: Record<string, string> = {};
  const target = URL.parse(url);
  if (!target || !PROTOCOLS.has(target.protocol)) errors["url"] = "This is not the address of a web server.";
  for (const [name, value] of Object.entries(headers)) {
    if (!succeeds(() => validateHeaderName(name)) || !isHeaderText(value)) {
      errors[`headers.${name}`] = "A header of HTTP cannot carry this value. Use only Latin letters, digits and signs.";
    }
  }
  const jsonText = json === undefined ? undefined : jsonTextOf(json);
  if (jsonText === null) errors["body"] = "This cannot be written as JSON.";
  if (!target || jsonText === null || Object.keys(errors).length > 0) {
    throw invalidInput(errors, safe ? {} : { outcome: "NOT_SENT" });
  }
  return jsonText === undefined ? { ...request, target } : { ...request, target, jsonText };
}

/** Null for a value that JSON cannot write. */
function jsonTextOf(value: unknown): string | null {
  try {
    return JSON.stringify(value);
  } catch {
    return null;
  }
}

function succeeds(check: () => unknown): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}
