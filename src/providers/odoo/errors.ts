import { CrmError, type UpstreamFacts } from "../../errors/crm-error.js";
import type { UpstreamResponse } from "../../upstream/request.js";
import { retryAfterSeconds } from "../../upstream/retry-after.js";

/** The exception that ended a call. `debug` and `arguments` hold Python tracebacks and are never looked at. */
interface RpcFault {
  name?: unknown;
  message?: unknown;
}

const MISSING = "odoo.exceptions.MissingError";
/** Exceptions whose message Odoo writes for the people who use it. */
const FOR_USERS = new Set([
  "odoo.exceptions.ValidationError",
  "odoo.exceptions.UserError",
  "odoo.exceptions.RedirectWarning",
]);

/** Odoo Online throttles without saying for how long: longer than what is waited for silently, so that callers slow down. */
const THROTTLED_S = 5;
const DETAIL_MAX = 300;

/** Errors of a call come with status 200, inside the envelope; other statuses are those of the server before Odoo. */
export function classify(response: UpstreamResponse): CrmError | null {
  const { status, isJson, body } = response;
  if (status < 200 || status >= 300) return httpFault(response);
  if (!isJson || typeof body !== "object" || body === null) {
    return new CrmError("PROVIDER_ERROR", { upstream: { status }, detail: "Odoo’s answer is not JSON." });
  }
  const { error } = body as { error?: { data?: RpcFault } | null };
  return error ? rpcFault(error.data ?? {}, status) : null;
}

function httpFault({ status, headers }: UpstreamResponse): CrmError {
  const upstream = { status };
  const asked = retryAfterSeconds(headers["retry-after"], Date.now());
  if (status === 429) return new CrmError("PROVIDER_RATE_LIMITED", { upstream, retryAfter: asked ?? THROTTLED_S });
  if ([502, 503, 504].includes(status)) {
    return new CrmError("PROVIDER_UNAVAILABLE", { upstream, ...(asked === undefined ? {} : { retryAfter: asked }) });
  }
  if (status === 401 || status === 403) {
    return new CrmError("PROVIDER_AUTH_FAILED", {
      upstream,
      detail: "The server at Odoo’s address refuses calls to its API.",
    });
  }
  const detail = status === 404 ? { detail: "There is no Odoo API at this address." } : {};
  return new CrmError("PROVIDER_ERROR", { upstream, ...detail });
}

function rpcFault({ name, message }: RpcFault, status: number): CrmError {
  const code = typeof name === "string" ? name : "unknown";
  const text = typeof message === "string" ? message : "";
  const upstream: UpstreamFacts = { status, code };
  if (code === "odoo.exceptions.AccessDenied") {
    return new CrmError("PROVIDER_AUTH_FAILED", { upstream }, { credentialRefused: true });
  }
  if (code === "odoo.exceptions.AccessError") {
    return new CrmError("PROVIDER_AUTH_FAILED", { upstream, detail: "The Odoo user lacks a permission." });
  }
  if (code === MISSING) return new CrmError("PROVIDER_ERROR", { upstream: { status: 404, code } });
  if (code === "psycopg2.OperationalError" && /database .+ does not exist/.test(text)) {
    return new CrmError("PROVIDER_AUTH_FAILED", { upstream, detail: "Odoo has no database of this name." });
  }
  if (!FOR_USERS.has(code)) return new CrmError("PROVIDER_ERROR", { upstream });
  if (/^Object \S+ doesn't exist$/.test(text)) {
    return new CrmError("UNSUPPORTED_RESOURCE", {
      upstream,
      detail: "The Odoo app that keeps these records is not installed.",
    });
  }
  return new CrmError("INVALID_INPUT", { upstream, errors: fieldFaults(text), ...userMessage(text) });
}

/** Whether Odoo said that a record is gone; a server without Odoo’s API answers 404 too, and means something else. */
export function isMissingRecord(error: unknown): boolean {
  return error instanceof CrmError && error.details.upstream?.code === MISSING;
}

/** The one message that names its field (odoo/service/model.py, the violation of NOT NULL). */
function fieldFaults(message: string): Record<string, string> {
  const field = /^Field: .*\((\w+)\)\s*$/m.exec(message)?.[1];
  return field === undefined ? {} : { [field]: "Odoo needs a value here." };
}

/** Modules of the customer's own sometimes wrap a traceback into a message for users. */
function userMessage(message: string): { detail?: string } {
  if (message.trim() === "" || message.includes("Traceback (most recent call last)")) return {};
  const detail = `Odoo: ${message.replace(/\s+/g, " ").trim()}`;
  return { detail: detail.length > DETAIL_MAX ? `${detail.slice(0, DETAIL_MAX - 1)}…` : detail };
}
