import type { WireAnswer } from "../../kit/crm.js";

/** An answer that is no success; of its body only `success` and `error` are sure. */
export class PipedriveError extends Error {
  override readonly name = "PipedriveError";
  readonly status: number;
  readonly body: object;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, error: string, more: object = {}, headers: Readonly<Record<string, string>> = {}) {
    super(error);
    this.status = status;
    this.body = { success: false, error, ...more };
    this.headers = headers;
  }

  answer(): WireAnswer {
    return { status: this.status, body: this.body, headers: this.headers };
  }
}

const INFO = { error_info: "Please check developers.pipedrive.com", data: null, additional_data: null };

/** Also what a wrong path or method is answered with while nobody is known to call. */
export function unauthorized(): PipedriveError {
  return new PipedriveError(
    401,
    "unauthorized access",
    { errorCode: 401, error_info: INFO.error_info },
    { "x-401-by-gw": "true" },
  );
}

export function scopeMismatch(): PipedriveError {
  return new PipedriveError(403, "Scope and URL mismatch", { errorCode: 403, ...INFO });
}

export function badRequest(error: string): PipedriveError {
  return new PipedriveError(400, error, { code: "ERR_BAD_REQUEST" });
}

export function notFound(what: string): PipedriveError {
  return new PipedriveError(404, `requested ${what} not found`, { ...INFO, error_info: "Object was not found." });
}

/** Its body is not documented; callers must not look into it. */
export function limitReached(headers: Readonly<Record<string, string>>): PipedriveError {
  return new PipedriveError(429, "request over limit", { errorCode: 429, ...INFO }, headers);
}

export function internalError(): PipedriveError {
  return new PipedriveError(500, "internal server error", { errorCode: 500, ...INFO });
}

/** The page of the content network: for whoever abuses the API, and where the servers behind it are gone. */
export function edgePage(status: number, title: string): WireAnswer {
  return {
    status,
    body: `<!DOCTYPE html>\n<html>\n<head><title>${title}</title></head>\n<body><h1>${title}</h1><p>cloudflare</p></body>\n</html>\n`,
    headers: { server: "cloudflare" },
  };
}
