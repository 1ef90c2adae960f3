import type { Decoder } from "../../../upstream/answer-body.js";
import type { AdapterRequest, Credentials, ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { membersOf, recordCount } from "../../kit/answer.js";
import { sendWrite } from "../../kit/rest.js";
import { foundRecords, rpcResult, type Reliance } from "./answers.js";
import type { Domain } from "./query.js";

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

/** Calls a method that only reads, and resolves to what it returned. */
export async function callRead<Value>(context: ProviderContext, json: RpcCall, result: Decoder<Value>): Promise<Value> {
  return (await context.send({ method: "POST", path: PATH, json, safe: true })).body.decode(rpcResult(result));
}

/**
 * Calls a method that changes records, and resolves to what it returned.
 * @throws CrmError with the outcome UNKNOWN if Odoo returns something else
 */
export function callWrite<Value>(context: ProviderContext, json: RpcCall, result: Decoder<Value>): Promise<Value> {
  return sendWrite(context, { method: "POST", path: PATH, json }, { status: 200, body: rpcResult(result) });
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

function envelope(service: string, method: string, args: readonly unknown[]) {
  return { jsonrpc: "2.0", method: "call", params: { service, method, args }, id: 1 };
}

export interface OdooRecord extends NativeRecord {
  id: number;
}

interface SearchOptions {
  fields: readonly string[];
  /** Leaves out archived records. */
  activeOnly?: boolean;
  order?: string;
  offset?: number;
  limit?: number;
}

/**
 * Reads the records that a domain matches. This includes archived records unless the domain or `activeOnly` excludes them.
 * Lists of other records (x2many) leave out archived ones in any case. `rely` names what the caller relies on besides the
 * id. crmesh never uses Odoo's method `read`, because versions treat a missing id differently.
 */
export function searchRead(
  context: ProviderContext,
  model: string,
  domain: Domain,
  { activeOnly = false, ...options }: SearchOptions,
  rely: Reliance = {},
): Promise<OdooRecord[]> {
  const kwargs = { domain, ...options, ...(activeOnly ? {} : { context: { active_test: false } }) };
  return callRead(context, { model, method: "search_read", args: [], kwargs }, foundRecords(rely));
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
  return recordCount(membersOf(body)["result"]);
}
