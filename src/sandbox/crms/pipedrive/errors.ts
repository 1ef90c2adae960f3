import type { WireAnswer } from "../../kit/crm.js";
import { Refusal } from "../../kit/refusal.js";

/** An answer that is no success; of its body only `success` and `error` are sure. */
export function refusal(
  status: number,
  error: string,
  more: object = {},
  headers?: Readonly<Record<string, string>>,
): Refusal {
  return new Refusal(status, { success: false, error, ...more }, headers, error);
}

const INFO = { error_info: "Please check developers.pipedrive.com", data: null, additional_data: null };

/** Also what a wrong path or method is answered with while nobody is known to call. */
export function unauthorized(): Refusal {
  return refusal(
    401,
    "unauthorized access",
    { errorCode: 401, error_info: INFO.error_info },
    { "x-401-by-gw": "true" },
  );
}

export function scopeMismatch(): Refusal {
  return refusal(403, "Scope and URL mismatch", { errorCode: 403, ...INFO });
}

export function badRequest(error: string): Refusal {
  return refusal(400, error, { code: "ERR_BAD_REQUEST" });
}

export function notFound(what: string): Refusal {
  return refusal(404, `requested ${what} not found`, { ...INFO, error_info: "Object was not found." });
}

/** Its body is not documented; callers must not look into it. */
export function limitReached(headers: Readonly<Record<string, string>>): Refusal {
  return refusal(429, "request over limit", { errorCode: 429, ...INFO }, headers);
}

export function internalError(): Refusal {
  return refusal(500, "internal server error", { errorCode: 500, ...INFO });
}

/** The page of the content network: for whoever abuses the API, and where the servers behind it are gone. */
export function edgePage(status: number, title: string): WireAnswer {
  return {
    status,
    body: `<!DOCTYPE html>\n<html>\n<head><title>${title}</title></head>\n<body><h1>${title}</h1><p>cloudflare</p></body>\n</html>\n`,
    headers: { server: "cloudflare" },
  };
}
