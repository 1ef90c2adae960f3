import type { Accounts } from "../../kit/accounts.js";
import type { OdooAccount } from "./account.js";
import { bindCall, contextOf } from "./call-arguments.js";
import { COMMON_METHODS } from "./common-methods.js";
import { isObject, pythonRepr, type Json, type JsonObject } from "./data.js";
import type { Method, Model } from "./model.js";
import { OrmSession } from "./orm-session.js";
import { accessDenied, RpcError, typeError, userError, valueError } from "./rpc-error.js";
import type { OdooVersion } from "./version.js";

/** The services behind `/jsonrpc`. JSON-2 has the methods of models only. */
export class RpcServices {
  constructor(
    private readonly accounts: Accounts<OdooAccount>,
    private readonly version: OdooVersion,
    private readonly now: () => number,
  ) {}

  call(service: string, method: string, args: readonly Json[]): Json {
    if (service === "common") return this.#common(method, args);
    if (service === "object") return this.#object(method, args);
    throw new RpcError("builtins.KeyError", pythonRepr(service));
  }

  #common(method: string, [database, login, key]: readonly Json[]): Json {
    if (method === "version") return this.version.about;
    if (method === "authenticate" || method === "login") return this.#account(database).authenticate(login, key);
    throw new RpcError("builtins.Exception", `Method not found: ${method}`);
  }

  #object(method: string, args: readonly Json[]): Json {
    const [database, uid, key, model, name, ...rest] = args;
    const user = Math.trunc(Number(uid));
    if (Number.isNaN(user)) throw valueError(`invalid literal for int() with base 10: ${pythonRepr(uid)}`);
    const account = this.#account(database);
    if (!account.accepts(user, key)) throw accessDenied();
    if (typeof model !== "string" || typeof name !== "string") {
      throw typeError(`${method}() missing required positional arguments: 'obj' and 'method'`);
    }
    if (method === "execute") return this.execute(account, user, model, name, rest, {});
    if (method !== "execute_kw") throw new RpcError("builtins.NameError", `Method not available ${method}`);
    const [positional, keywords = null] = rest;
    if (!Array.isArray(positional)) throw typeError("execute_kw() missing 1 required positional argument: 'args'");
    return this.execute(account, user, model, name, positional, isObject(keywords) ? keywords : {});
  }

  /** Calls a method of a model. @throws RpcError for an exception of Odoo */
  execute(
    { database }: OdooAccount,
    uid: number,
    modelName: string,
    methodName: string,
    args: readonly Json[],
    keywords: JsonObject,
  ): Json {
    refusePrivate(methodName);
    const model = this.version.models.get(modelName);
    if (model === undefined) throw userError(`Object ${modelName} doesn't exist`);
    const method = methodOf(model, methodName);
    if (method === undefined) {
      const message = `The method '${methodName}' does not exist on the model '${modelName}'`;
      throw new RpcError("builtins.AttributeError", message);
    }
    return database.transaction(this.now(), (now) => {
      const session = new OrmSession(this.version, database, uid, contextOf(keywords), now);
      return method.run(bindCall(session, model, methodName, method, args, keywords));
    });
  }

  #account(name: Json | undefined): OdooAccount {
    const account = typeof name === "string" ? this.accounts.get(name) : null;
    if (account !== null) return account;
    const message = `connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: FATAL:  database ${pythonRepr(name)} does not exist\n`;
    throw new RpcError("psycopg2.OperationalError", message);
  }
}

export function refusePrivate(methodName: string): void {
  if (!methodName.startsWith("_")) return;
  const message = `Private methods (such as ${methodName}) cannot be called remotely.`;
  throw new RpcError("odoo.exceptions.AccessError", message);
}

export function methodOf(model: Model, name: string): Method | undefined {
  return model.methods.get(name) ?? COMMON_METHODS.get(name);
}
