import type { FastifyInstance, FastifyRequest } from "fastify";
import { Accounts } from "../../kit/accounts.js";
import { addJsonBodies } from "../../kit/api.js";
import type { SandboxCrm, SandboxCrmOptions } from "../../kit/crm.js";
import { adminLoginOf, apiKeyOf, OdooAccount } from "./account.js";
import { differences } from "./differences.js";
import { rpcFault, sendHtmlError, speakFault } from "./faults.js";
import { isObject, type Json, type JsonObject } from "./data.js";
import { addJson2Routes } from "./json2.js";
import { RpcError, typeError } from "./rpc-error.js";
import { RpcServices } from "./rpc-services.js";
import { ODOO_17, ODOO_19, type OdooVersion } from "./version.js";

/** The external API of Odoo 17 over `/jsonrpc`. Every account is a database. */
export const odooSandbox = odooSandboxOf(ODOO_17);

/** The external API of Odoo 19: JSON-2, and `/jsonrpc` that Odoo has deprecated. */
export const odoo19Sandbox = odooSandboxOf(ODOO_19);

function odooSandboxOf(version: OdooVersion): SandboxCrm {
  return {
    slug: "odoo",
    imitates: `Odoo ${version.name}`,
    hasOAuth: false,
    credentials: (account, origin) => ({ ...typedCredential(account), url: origin }),
    typedCredential,
    register: (app, options) => register(app, options, version),
    speakFault,
    differences,
  };
}

function typedCredential(account: string) {
  return {
    url: "https://odoo.example",
    database: account,
    login: adminLoginOf(account),
    apiKey: apiKeyOf(account),
  };
}

function register(app: FastifyInstance, { now }: SandboxCrmOptions, version: OdooVersion): undefined {
  const accounts = new Accounts((name) => new OdooAccount(name));
  const services = new RpcServices(accounts, version, now);
  const invalid = () => Object.assign(new Error("Invalid JSON data"), { statusCode: 400 });
  addJsonBodies(app, { invalid });
  app.post<{ Body: Json }>("/jsonrpc", (request, reply) => {
    if (!isObject(request.body)) return sendHtmlError(reply, 400, "Invalid JSON data");
    return answer(services, version, request, request.body);
  });
  if (version.hasJson2) addJson2Routes(app, { accounts, services, version });
  app.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) => {
    const status = error.statusCode ?? 500;
    // Odoo has no 415. A call that is not JSON is a bad request.
    sendHtmlError(reply, status === 415 ? 400 : status, status < 500 ? error.message : "");
  });
  app.setNotFoundHandler((_request, reply) => sendHtmlError(reply, 404));
}

/** Makes the envelope of an answer. It also contains errors, which the HTTP status does not show. */
function answer(
  services: RpcServices,
  { rpcErrorCode: code }: OdooVersion,
  request: FastifyRequest,
  body: JsonObject,
): JsonObject {
  const envelope = { jsonrpc: "2.0", id: body["id"] ?? null };
  try {
    const params = isObject(body["params"]) ? body["params"] : {};
    const { service, method, args } = params;
    if (typeof service !== "string" || typeof method !== "string" || !Array.isArray(args)) {
      throw typeError("RPC.jsonrpc() missing required positional arguments: 'service', 'method', and 'args'");
    }
    const result = rpcFault(request, service, method) ?? services.call(service, method, args);
    // If a method returns Python's None, the answer has no `result`, not even null.
    return result === null ? envelope : { ...envelope, result };
  } catch (error) {
    if (error instanceof RpcError) {
      return { ...envelope, error: { code, message: "Odoo Server Error", data: error.toJson() } };
    }
    throw error;
  }
}
