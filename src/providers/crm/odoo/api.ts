import type { AdapterRequest, Credentials, ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { membersOf, recordCount } from "../../kit/answer.js";
import type { Domain } from "./query.js";

/**
 * The envelope of Odoo's JSON-RPC, known to this module alone: the JSON-2 API of Odoo 19 says the same calls in another
 * one. Source: odoo.com/documentation, "External RPC API"; recorded from an Odoo 17.
 */
const PATH = "/jsonrpc";

/** A method of a model, called as `execute_kw` takes it. */
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
  const { body } = await context.send({ method: "POST", path: PATH, json: { model, method, args, kwargs }, safe });
  return rpcResult(body) as Result;
}

/** The credential goes into the body: database, user id and key are the first arguments of every call. */
export function authorize(request: AdapterRequest, { database, uid, apiKey }: Credentials): AdapterRequest {
  const { model, method, args, kwargs } = request.json as RpcCall;
  // No user has the id 0: a credential that was never verified is refused as one that expired, and then renewed.
  const user = Number(uid ?? 0);
  return { ...request, json: envelope("object", "execute_kw", [database, user, apiKey, model, method, args, kwargs]) };
}

/** Asks for the user id of a login and its key; Odoo answers `false` when it refuses them. */
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
 * The records that a domain matches. Archived ones are among them, also inside relations: where they are not wanted,
 * the domain says so. `read` is never used: versions differ in what it makes of a missing id.
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

/** The number of records in an answer; undefined for a result that is no list. */
export function countRecords(body: unknown): number | undefined {
  return recordCount(rpcResult(body));
}
