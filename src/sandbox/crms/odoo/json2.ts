import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Accounts } from "../../kit/accounts.js";
import { pathParameter } from "../../kit/request.js";
import { adminLoginOf, type OdooAccount } from "./account.js";
import { isObject, type Json, type JsonObject } from "./data.js";
import { requestedFault, sendHtmlError } from "./faults.js";
import { RpcError } from "./rpc-error.js";
import { methodOf, refusePrivate, type RpcServices } from "./rpc-services.js";
import type { OdooVersion } from "./version.js";

/** The statuses of exceptions. Others are 500. Source: recorded from Odoo 19.0. */
const STATUS: Readonly<Record<string, number>> = {
  "odoo.exceptions.AccessError": 403,
  "odoo.exceptions.MissingError": 404,
  "odoo.exceptions.UserError": 422,
  "odoo.exceptions.ValidationError": 422,
  "werkzeug.exceptions.Unauthorized": 401,
  "werkzeug.exceptions.NotFound": 404,
  "werkzeug.exceptions.UnprocessableEntity": 422,
};

interface Json2Options {
  accounts: Accounts<OdooAccount>;
  services: RpcServices;
  version: OdooVersion;
}

/** The External JSON-2 API: one path for each method of each model. Errors have the status of their exception. */
export function addJson2Routes(app: FastifyInstance, options: Json2Options): void {
  app.post<{ Body: Json }>("/json/2/:model/:method", (request, reply) => {
    const database = request.headers["x-odoo-database"];
    const account = typeof database === "string" ? options.accounts.get(database) : null;
    // Without a database there is no such path, as Odoo sees it.
    if (account === null) return sendHtmlError(reply, 404);
    try {
      return sendJson(reply, 200, called(request, account, options));
    } catch (error) {
      if (error instanceof RpcError) return sendJson(reply, STATUS[error.exception] ?? 500, error.toJson());
      throw error;
    }
  });
}

/** The server would write a text as it is, which is no JSON. */
function sendJson(reply: FastifyReply, status: number, value: Json): FastifyReply {
  const body = typeof value === "object" && value !== null ? value : JSON.stringify(value);
  return reply.code(status).type("application/json; charset=utf-8").send(body);
}

function called(request: FastifyRequest, account: OdooAccount, { services, version }: Json2Options): Json {
  const [modelName, name] = [pathParameter(request, "model"), pathParameter(request, "method")];
  const uid = userOf(request, account);
  const fault = requestedFault(request);
  // Everybody may ask who they are, as everybody may log in over JSON-RPC.
  const isLogin = modelName === "res.users" && name === "context_get";
  if (fault && !(isLogin && fault.exception === "odoo.exceptions.AccessError")) throw fault;
  refusePrivate(name);
  const model = version.models.get(modelName);
  if (!model) throw notFound(`the model '${modelName}' does not exist`);
  const method = methodOf(model, name);
  if (!method) throw notFound(`the method '${name}' does not exist on the model '${modelName}'`);
  const { ids, ...named } = isObject(request.body as Json) ? (request.body as JsonObject) : {};
  if (ids !== undefined && !method.onRecords) throw unprocessable(`cannot call ${modelName}.${name} with ids`);
  try {
    const result = services.execute(account, uid, modelName, name, method.onRecords ? [ids ?? []] : [], named);
    // Records are returned as their ids.
    return name === "create" && !Array.isArray(result) ? [result] : result;
  } catch (error) {
    // The arguments do not fit the method.
    if (error instanceof RpcError && error.exception === "builtins.TypeError") throw unprocessable(error.message);
    throw error;
  }
}

/** The user of the API key. In this sandbox, the key of an account is its administrator's. */
function userOf({ headers }: FastifyRequest, account: OdooAccount): number {
  const key = /^bearer (.+)$/i.exec(headers.authorization ?? "")?.[1];
  const uid = key === undefined ? false : account.authenticate(adminLoginOf(account.database.name), key);
  if (uid !== false) return uid;
  throw new RpcError("werkzeug.exceptions.Unauthorized", "Invalid apikey");
}

const notFound = (message: string) => new RpcError("werkzeug.exceptions.NotFound", message);
const unprocessable = (message: string) => new RpcError("werkzeug.exceptions.UnprocessableEntity", message);
