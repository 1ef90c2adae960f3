import type { Decoder } from "../../upstream/answer-body.js";
import type { UpstreamResponse } from "../../upstream/request.js";
import type { AdapterRequest, ProviderContext } from "../contract/contract.js";
import type { NativeRecord } from "../contract/field-map.js";
import { absentIfNotFound } from "./adapter-kit.js";
import type { CreateResult, Reading } from "./resource-rules.js";

type Sender = Pick<ProviderContext, "send">;

/** Sends a GET request and decodes the body of the response. */
export async function getDecoded<Value>(
  { send }: Sender,
  path: string,
  query: AdapterRequest["query"],
  decoder: Decoder<Value>,
): Promise<Value> {
  return (await send({ method: "GET", path, query: query ?? {}, safe: true })).body.decode(decoder);
}

/** Like `getDecoded`. Null if the CRM answers that the record does not exist. */
export function getDecodedIfThere<Value>(...request: Parameters<typeof getDecoded<Value>>): Promise<Value | null> {
  return absentIfNotFound(() => getDecoded(...request));
}

/** How a CRM answers a write that it has carried out. */
export interface WriteAnswer<Value> {
  /** The documented statuses. Any other one is a broken answer. */
  status: number | readonly number[];
  body: Decoder<Value>;
}

/**
 * Sends a request that changes something, and decodes the response. A `repeatable` one is sent again after a passing
 * failure, because it changes nothing the second time.
 * @throws CrmError with the outcome UNKNOWN if the CRM answers a success in another form than the documented one
 */
export async function sendWrite<Value>(
  { send }: Sender,
  { repeatable, ...request }: Omit<AdapterRequest, "safe" | "changes"> & { repeatable?: true },
  expected: WriteAnswer<Value>,
): Promise<Value> {
  const asked = repeatable ? ({ safe: true, changes: true } as const) : { safe: false };
  return writeAnswer(await send({ ...request, ...asked }), expected);
}

/** Decodes the response to a write. @throws CrmError with the outcome UNKNOWN if the response has another form */
export function writeAnswer<Value>({ status, body }: UpstreamResponse, expected: WriteAnswer<Value>): Value {
  if (![expected.status].flat().includes(status))
    throw body.unexpected(`The CRM answered a write with the status ${status}, which it should not have here.`);
  return body.decode(expected.body);
}

interface ChangeRules {
  /** The path of a record, or of all records if there is no id. */
  path: (id?: string) => string;
  /** The method that changes the given fields and leaves the others. */
  update: "PATCH" | "PUT";
  /** Makes the body of a write. Defaults to the native fields themselves. */
  body?: (native: NativeRecord) => NativeRecord;
  updated: WriteAnswer<NativeRecord>;
  deleted: WriteAnswer<unknown>;
  /** The query of a create or an update whose answer must have these fields. */
  answerQuery?: (answer: Reading) => AdapterRequest["query"];
  /** The query of a delete. */
  deleteQuery?: AdapterRequest["query"];
}

/** Builds the writes of existing records, for a CRM that has a path for each record. */
export function restChanges({ path, update: method, updated, deleted, deleteQuery, ...rules }: ChangeRules) {
  const { body = (native) => native } = rules;
  const query = deleteQuery && { query: deleteQuery };
  return {
    update: (
      context: ProviderContext,
      id: string,
      native: NativeRecord,
      { answer }: { answer: Reading | null },
    ): Promise<NativeRecord> =>
      sendWrite(context, { method, path: path(id), json: body(native), ...answering(rules, answer) }, updated),
    async delete(context: ProviderContext, id: string): Promise<void> {
      await sendWrite(context, { method: "DELETE", path: path(id), ...query }, deleted);
    },
  };
}

function answering({ answerQuery }: Pick<ChangeRules, "answerQuery">, answer: Reading | null) {
  const query = answer && answerQuery?.(answer);
  return query ? { query } : {};
}

/**
 * Builds the writes of records, for a CRM that has a path for each record.
 * @param created decodes the response to a create to the new record, with its id
 */
export function restWrites({
  created,
  ...rules
}: ChangeRules & { created: WriteAnswer<NativeRecord & { readonly id: string }> }) {
  const { path, body = (native) => native } = rules;
  return {
    async create(
      context: ProviderContext,
      native: NativeRecord,
      { answer }: { answer: Reading | null },
    ): Promise<CreateResult> {
      const request = { method: "POST", path: path(), json: body(native), ...answering(rules, answer) } as const;
      const record = await sendWrite(context, request, created);
      return { id: record.id, record };
    },
    ...restChanges(rules),
  };
}
