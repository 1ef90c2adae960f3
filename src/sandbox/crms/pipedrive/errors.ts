import type { WireAnswer } from "../../kit/crm.js";
import { Refusal } from "../../kit/refusal.js";

/** Makes an error. Only `success` and `error` are always in its body. */
export function refusal(
  status: number,
  error: string,
  more: object = {},
  headers?: Readonly<Record<string, string>>,
): Refusal {
  return new Refusal(status, { success: false, error, ...more }, headers, error);
}

const INFO = { error_info: "Please check developers.pipedrive.com", data: null, additional_data: null };

/** Makes a 401. Pipedrive also sends it for an unknown path or method if the caller is unknown. */
export const unauthorized = () =>
  refusal(401, "unauthorized access", { errorCode: 401, error_info: INFO.error_info }, { "x-401-by-gw": "true" });
export const scopeMismatch = () => refusal(403, "Scope and URL mismatch", { errorCode: 403, ...INFO });
export const badRequest = (error: string) => refusal(400, error, { code: "ERR_BAD_REQUEST" });
export const notFound = (what: string) =>
  refusal(404, `requested ${what} not found`, { ...INFO, error_info: "Object was not found." });
/** Makes a 429. Its body is not documented, so callers must not rely on it. */
export const limitReached = (headers: Readonly<Record<string, string>>) =>
  refusal(429, "request over limit", { errorCode: 429, ...INFO }, headers);
export const internalError = () => refusal(500, "internal server error", { errorCode: 500, ...INFO });

/**
 * Makes a page of the content delivery network, which it sends after too many calls and if the servers behind it are
 * down.
 */
export function edgePage(status: number, title: string): WireAnswer {
  return {
    status,
    body: `<!DOCTYPE html>\n<html>\n<head><title>${title}</title></head>\n<body><h1>${title}</h1><p>cloudflare</p></body>\n</html>\n`,
    headers: { server: "cloudflare" },
  };
}
