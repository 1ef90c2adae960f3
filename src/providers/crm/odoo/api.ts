import type { Decoder } from "../../../upstream/answer-body.js";
import type { AdapterRequest, Credentials, ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { membersOf, recordCount } from "../../kit/answer.js";
import { withHeaders } from "../../kit/credential-kit.js";
import { writeAnswer } from "../../kit/rest.js";
import type { UpstreamResponse } from "../../../upstream/request.js";
import { foundRecords, rpcResult, type Reliance } from "./answers.js";
import type { Domain } from "./query.js";

/** A call of a model's method. Its arguments have the names of Odoo's documentation. */
interface ModelCall {
  model: string;
  method: string;
  /** The records of the call. Absent for a method of the model itself. */
  ids?: readonly number[];
  args: Readonly<Record<string, unknown>>;
}

/**
 * The two APIs of Odoo that have the same methods. JSON-2 is there since Odoo 19, and JSON-RPC until Odoo 21. Sources:
 * odoo.com/documentation, "External JSON-2 API" and "External RPC API"; recorded from Odoo 17, 18 and 19.
 */
export type OdooApi = "JSON-2" | "JSON-RPC";

const JSON_2_PATH = "/json/2";
const JSON_RPC_PATH = "/jsonrpc";

/** Calls a method that only reads, and resolves to what it returned. */
export async function callRead<Value>(
  context: ProviderContext,
  call: ModelCall,
  result: Decoder<Value>,
): Promise<Value> {
  const response = await context.send({ ...requestOf(call), safe: true });
  return response.body.decode(returned(response, result));
}

/**
 * Calls a method that changes records, and resolves to what it returned.
 * @throws CrmError with the outcome UNKNOWN if Odoo returns something else
 */
export async function callWrite<Value>(
  context: ProviderContext,
  call: ModelCall,
  result: Decoder<Value>,
): Promise<Value> {
  const response = await context.send({ ...requestOf(call), safe: false });
  return writeAnswer(response, { status: 200, body: returned(response, result) });
}

/** What a method returned: JSON-RPC puts it into an envelope, and JSON-2 answers it alone. */
function returned<Value>({ path }: UpstreamResponse, result: Decoder<Value>): Decoder<Value> {
  return path?.endsWith(JSON_RPC_PATH) ? rpcResult(result) : result;
}

/** A request that `authorize` brings into the form of one of the two APIs. */
function requestOf(call: ModelCall) {
  return { method: "POST", path: `${JSON_2_PATH}/${call.model}/${call.method}`, json: call } as const;
}

/** Adds the credential, in the form of the API that the server had when the credential was verified. */
export function authorize(request: AdapterRequest, credentials: Credentials): AdapterRequest {
  const call = request.json as ModelCall;
  return apiOf(credentials) === "JSON-2" ? overJson2(request, call, credentials) : overRpc(request, call, credentials);
}

/** Connections that were made before crmesh spoke JSON-2 do not name an API. */
export function apiOf({ api }: Credentials): OdooApi {
  return api === "JSON-2" ? api : "JSON-RPC";
}

/** JSON-2 has the database and the API key in headers, and no user id. */
function overJson2(request: AdapterRequest, { ids, args }: ModelCall, { database, apiKey }: Credentials) {
  const headers = { authorization: `bearer ${apiKey ?? ""}`, "x-odoo-database": database ?? "" };
  return withHeaders({ ...request, json: { ...(ids && { ids }), ...args } }, headers);
}

/** The arguments that stand before all others over JSON-RPC, without their names. */
const POSITIONAL: Readonly<Record<string, string>> = { create: "vals_list", write: "vals", default_get: "fields" };

/** JSON-RPC has database, user id and key as the first arguments of every call. */
function overRpc(request: AdapterRequest, call: ModelCall, { database, uid, apiKey }: Credentials): AdapterRequest {
  const { model, method, ids } = call;
  const { [POSITIONAL[method] ?? ""]: first, ...named } = call.args;
  // A record that is created alone stands there without a list, and is answered by its id without a list.
  const value = method === "create" && Array.isArray(first) && first.length === 1 ? (first[0] as unknown) : first;
  const positions = [...(ids ? [ids] : []), ...(value === undefined ? [] : [value])];
  // A credential that was never verified has no user id. Odoo refuses the id 0 like an expired credential, and crmesh
  // then renews the credential.
  const args = [database, Number(uid ?? 0), apiKey, model, method, positions, named];
  return { ...request, path: JSON_RPC_PATH, json: envelope("object", "execute_kw", args) };
}

/** Requests the user of the API key, as JSON-2 tells it. The answer has `uid`. */
export function keyOwnerRequest(credentials: Credentials): AdapterRequest {
  const call = { model: "res.users", method: "context_get", args: {} };
  return overJson2({ ...requestOf(call), safe: true }, call, credentials);
}

/** Requests the login of a user over JSON-2. */
export function loginOfRequest(uid: number, credentials: Credentials): AdapterRequest {
  const args = { domain: [["id", "=", uid]], fields: ["login"] };
  const call = { model: "res.users", method: "search_read", args };
  return overJson2({ ...requestOf(call), safe: true }, call, credentials);
}

/** Requests the user id of a login and its API key over JSON-RPC. Odoo returns `false` if it refuses them. */
export function loginRequest({ database, login, apiKey }: Credentials): AdapterRequest {
  return {
    method: "POST",
    path: JSON_RPC_PATH,
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
  const args = { domain, ...options, ...(activeOnly ? {} : { context: { active_test: false } }) };
  return callRead(context, { model, method: "search_read", args }, foundRecords(rely));
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
  return recordCount(Array.isArray(body) ? body : membersOf(body)["result"]);
}
