import { STATUS_CODES } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { SpokenFault } from "../../kit/crm.js";
import { accessDenied, RpcError } from "./rpc-error.js";

/** The faults that are sent as answers to calls. Each is kept here until its call has been read. */
const waiting = new WeakMap<FastifyRequest, SpokenFault>();

/** Answers the faults of the proxy in front of Odoo. `rpcFault` answers the others. */
export function speakFault(fault: SpokenFault, request: FastifyRequest, reply: FastifyReply): boolean {
  switch (fault) {
    case "PROVIDER_RATE_LIMITED":
      sendHtmlError(reply, 429);
      return true;
    case "PROVIDER_UNAVAILABLE":
      sendHtmlError(reply, 502);
      return true;
    case "PROVIDER_ERROR":
    case "PROVIDER_AUTH_FAILED":
    case "NEEDS_REAUTH":
      waiting.set(request, fault);
      return false;
  }
}

/**
 * Applies the requested fault to a call. Returns false, Odoo's answer to a refused login, or null if the server must
 * execute the call.
 */
export function rpcFault(request: FastifyRequest, service: string, method: string): false | null {
  const isLogin = service === "common" && (method === "authenticate" || method === "login");
  const fault = waiting.get(request);
  if (fault === "PROVIDER_ERROR") throw new RpcError("psycopg2.OperationalError", CONNECTION_LOST);
  if (fault === "NEEDS_REAUTH" && isLogin) return false;
  if (service !== "object") return null;
  if (fault === "NEEDS_REAUTH") throw accessDenied();
  const requested = requestedFault(request);
  if (requested) throw requested;
  return null;
}

/** The exception of a requested fault, in a call of a model's method. JSON-2 has another one for a refused key. */
export function requestedFault(request: FastifyRequest): RpcError | null {
  const fault = waiting.get(request);
  if (fault === "PROVIDER_ERROR") return new RpcError("psycopg2.OperationalError", CONNECTION_LOST);
  if (fault === "NEEDS_REAUTH") return new RpcError("werkzeug.exceptions.Unauthorized", "Invalid apikey");
  if (fault === "PROVIDER_AUTH_FAILED") return new RpcError("odoo.exceptions.AccessError", NO_ACCESS);
  return null;
}

const CONNECTION_LOST =
  "server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally\n";
const NO_ACCESS =
  "You are not allowed to access this kind of records.\n\nThis operation is allowed for the following groups:\n" +
  "\t- User types/Internal User\n\nContact your administrator to request access if necessary.";

/** Answers a fault of the HTTP request itself with a page, as Odoo does. */
export function sendHtmlError(reply: FastifyReply, status: number, detail = ""): void {
  const title = `${status} ${STATUS_CODES[status] ?? "Error"}`;
  void reply
    .code(status)
    .type("text/html; charset=utf-8")
    .send(`<!doctype html>\n<html lang=en>\n<title>${title}</title>\n<h1>${title}</h1>\n<p>${detail}</p>\n`);
}
