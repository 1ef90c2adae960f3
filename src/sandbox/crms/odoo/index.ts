import type { FastifyInstance, FastifyRequest } from "fastify";
import { Accounts } from "../../kit/accounts.js";
import { addJsonBodies } from "../../kit/api.js";
import type { SandboxCrm, SandboxCrmOptions } from "../../kit/crm.js";
import { adminLoginOf, apiKeyOf, OdooAccount } from "./account.js";
import { rpcFault, sendHtmlError, speakFault } from "./faults.js";
import { isObject, type Json, type JsonObject } from "./data.js";
import { RpcError, typeError } from "./rpc-error.js";
import { RpcServices } from "./rpc-services.js";

/** Odoo 17's external API over `/jsonrpc`; every account is a database. */
export const odooSandbox: SandboxCrm = {
  slug: "odoo",
  hasOAuth: false,
  credentials: (account, origin) => ({
    url: origin,
    database: account,
    login: adminLoginOf(account),
    apiKey: apiKeyOf(account),
  }),
  register,
  speakFault,
};

function register(app: FastifyInstance, { now }: SandboxCrmOptions): void {
  const services = new RpcServices(new Accounts((name) => new OdooAccount(name)), now);
  const invalid = () => Object.assign(new Error("Invalid JSON data"), { statusCode: 400 });
  addJsonBodies(app, { invalid });
  app.post<{ Body: Json }>("/jsonrpc", (request, reply) => {
    if (!isObject(request.body)) return sendHtmlError(reply, 400, "Invalid JSON data");
    return answer(services, request, request.body);
  });
  app.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) => {
    const status = error.statusCode ?? 500;
    // Odoo knows no 415: a call that is not JSON is simply a bad request.
    sendHtmlError(reply, status === 415 ? 400 : status, status < 500 ? error.message : "");
  });
  app.setNotFoundHandler((_request, reply) => sendHtmlError(reply, 404));
}

/** The envelope; an error is inside it, and the HTTP status does not tell. */
function answer(services: RpcServices, request: FastifyRequest, body: JsonObject): JsonObject {
  const envelope = { jsonrpc: "2.0", id: body["id"] ?? null };
  try {
    const params = isObject(body["params"]) ? body["params"] : {};
    const { service, method, args } = params;
    if (typeof service !== "string" || typeof method !== "string" || !Array.isArray(args)) {
      throw typeError("RPC.jsonrpc() missing required positional arguments: 'service', 'method', and 'args'");
    }
    const result = rpcFault(request, service, method) ?? services.call(service, method, args);
    // Python's None does not become null: the answer then has no result at all.
    return result === null ? envelope : { ...envelope, result };
  } catch (error) {
    if (error instanceof RpcError) return { ...envelope, error: error.toJson() };
    throw error;
  }
}
