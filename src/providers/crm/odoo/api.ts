import type { AdapterRequest, Credentials, ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { membersOf, recordCount } from "../../kit/answer.js";
import type { Domain } from "./query.js";
import { unchecked } from "../../kit/unchecked.js";

/**
 * The envelope of Odoo's JSON-RPC. Only this module knows the envelope, because the JSON-2 API of Odoo 19 has the same
 * calls in another envelope. Source: odoo.com/documentation, "External RPC API"; recorded from Odoo 17.
 */
const PATH = "/jsonrpc";

/** A call of a model's method, with the arguments of `execute_kw`. */
interface RpcCall {
  model: string;
  method: string;
  args: readonly unknown[];
  kwargs: Readonly<Record<string, unknown>>;
}

/**
 * Calls a method and resolves to what it returned.
 * @param safe the method only reads
 */
export async function callMethod<Result>(
  context: ProviderContext,
  { model, method, args, kwargs }: RpcCall,
  safe: boolean,
): Promise<Result> {
  const { body: sent } = await context.send({
    method: "POST",
    path: PATH,
    json: { model, method, args, kwargs },
    safe,
  });
  const body = sent.decode(unchecked);
  return rpcResult(body) as Result;
}

/** Adds the credential to the body: database, user id and key are the first arguments of every call. */
export function authorize(request: AdapterRequest, { database, uid, apiKey }: Credentials): AdapterRequest {
  const { model, method, args, kwargs } = request.json as RpcCall;
  // A credential that was never verified has no user id. Odoo refuses the id 0 like an expired credential, and crmesh
  // then renews the credential.
  const user = Number(uid ?? 0);
  return { ...request, json: envelope("object", "execute_kw", [database, user, apiKey, model, method, args, kwargs]) };
}

/** Requests the user id of a login and its API key. Odoo returns `false` if it refuses them. */
export function loginRequest({ database, login, apiKey }: Credentials): AdapterRequest {
  return {
    method: "POST",
    path: PATH,
    json: envelope("common", "authenticate", [database, login, apiKey, {}]),
    safe: true,
  };
}

export function rpcResult(body: unknown): unknown {
  return membersOf(body)["result"];
}

function envelope(service: string, method: string, args: readonly unknown[]) {
  return { jsonrpc: "2.0", method: "call", params: { service, method, args }, id: 1 };
}

export interface OdooRecord extends NativeRecord {
  id: number;
}

interface SearchOptions {
  fields: readonly string[];
  order?: string;
  offset?: number;
  limit?: number;
}

/**
 * Reads the records that a domain matches. This includes archived records, also inside relations, unless the domain
 * excludes them. crmesh never uses Odoo's method `read`, because versions treat a missing id differently.
 */
export function searchRead(
  context: ProviderContext,
  model: string,
  domain: Domain,
  options: SearchOptions,
): Promise<OdooRecord[]> {
  return callMethod<OdooRecord[]>(
    context,
    {
      model,
      method: "search_read",
      args: [],
      kwargs: { domain, ...options, context: { active_test: false } },
    },
    true,
  );
}

export async function existingIds(
  context: ProviderContext,
  model: string,
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  const found = await searchRead(context, model, [["id", "in", ids]], { fields: ["id"] });
  return new Set(found.map(({ id }) => id));
}

/** Counts the records in a response. Undefined if the result is not a list. */
export function countRecords(body: unknown): number | undefined {
  return recordCount(rpcResult(body));
}
