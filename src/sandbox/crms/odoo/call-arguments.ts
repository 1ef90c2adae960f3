import { isObject, type Json, type JsonObject } from "./data.js";
import type { Method, MethodCall, Model, Session } from "./model.js";
import { RpcError, typeError } from "./rpc-error.js";

/** Binds positional and keyword arguments to a method's parameters, as Python would. */
export function bindCall(
  session: Session,
  model: Model,
  methodName: string,
  method: Method,
  args: readonly Json[],
  keywords: JsonObject,
): MethodCall {
  const ids = method.onRecords ? recordIds(args) : [];
  const positional = method.onRecords ? args.slice(1) : args;
  const named: JsonObject = { ...keywords };
  delete named["context"];
  const label = `Base.${methodName}()`;
  if (positional.length > method.parameters.length) {
    throw typeError(
      `${label} takes ${method.parameters.length + 1} positional arguments but ${positional.length + 1} were given`,
    );
  }
  const bound = new Map<string, Json>();
  for (const [index, parameter] of method.parameters.entries()) {
    const keyword = Object.hasOwn(named, parameter.name) ? named[parameter.name] : parameter.default;
    const value = index < positional.length ? positional[index] : keyword;
    if (value === undefined) {
      throw typeError(`${label} missing 1 required positional argument: '${parameter.name}'`);
    }
    bound.set(parameter.name, value);
    delete named[parameter.name];
  }
  const [unexpected] = Object.keys(named);
  if (unexpected !== undefined) {
    throw typeError(`${label} got an unexpected keyword argument '${unexpected}'`);
  }
  return { session, model, ids, argument: (name) => bound.get(name) ?? null };
}

function recordIds(args: readonly Json[]): number[] {
  const [first] = args;
  if (first === undefined) throw new RpcError("builtins.IndexError", "list index out of range");
  const ids = Array.isArray(first) ? first : [first];
  if (ids.every((id) => typeof id === "number")) return ids;
  if (first === false || first === null) return [];
  throw typeError("unhashable type: 'list'");
}

export function contextOf(keywords: JsonObject): JsonObject {
  return isObject(keywords["context"]) ? keywords["context"] : {};
}
