import type { Decoder } from "../../../upstream/answer-body.js";
import {
  boolean,
  dictionary,
  exactly,
  list,
  map,
  member,
  nullable,
  object,
  optional,
  record,
  text,
  where,
} from "../../../upstream/decode.js";
import { membersOf } from "../../kit/answer.js";
import { isManyToOne, readDateTime, readReference } from "./dialect.js";

/** What crmesh relies on in Odoo's answers. Source: odoo.com/documentation, "External RPC API"; recorded from Odoo 17 and 19. */

/** An id: a whole number of 32 bits above zero. */
const recordNumber: Decoder<number> = where(
  (value) => value as number,
  (value) => Number.isInteger(value) && value > 0 && value < 2 ** 31,
  "an id",
);

/** The value that a method returned, in the envelope of JSON-RPC. */
export function rpcResult<Value>(result: Decoder<Value>): Decoder<Value> {
  return map(object({ jsonrpc: exactly("2.0"), result }), (answer) => answer.result);
}

/** Whether a body is an envelope of JSON-RPC. No method that crmesh calls returns an object like it. */
export function isRpcEnvelope(body: unknown): boolean {
  return membersOf(body)["jsonrpc"] === "2.0";
}

const NONE = false;
/** Odoo's `false` means that there is none. */
const orNone =
  <Value>(decoder: Decoder<Value>): Decoder<Value | false> =>
  (value) =>
    value === NONE ? NONE : decoder(value);

/** A time that a listing goes on from. */
const time = orNone(where(text, (value) => readDateTime(value) !== null, "a date-time"));

const anyValue: Decoder<unknown> = (value) => value;
/** A many2one, which is `[id, name]`. */
const manyToOne = orNone(
  where(anyValue, (value) => isManyToOne(value) && readReference(value) !== null, "an id with a name"),
);
/** The ids of an x2many. */
export const manyIds = list(recordNumber);

const anyRelation: Decoder<unknown> = (value) => (isManyToOne(value) || value === NONE ? manyToOne : manyIds)(value);

export interface Reliance {
  /** A field of a time by which the records are ordered. */
  time?: string | undefined;
  /** A field that relates the records to others. */
  relation?: string | undefined;
  /** A field that must be a text or `false`, such as a name that records are found by. */
  name?: string | undefined;
}

/** The records that a search found. */
export function foundRecords(rely: Reliance = {}) {
  return list(
    record({
      id: recordNumber,
      ...(rely.time === undefined ? {} : { [rely.time]: time }),
      ...(rely.relation === undefined ? {} : { [rely.relation]: anyRelation }),
      ...(rely.name === undefined ? {} : { [rely.name]: orNone(text) }),
    }),
  );
}

/** The id of a new record: JSON-RPC returns one id for one record, and JSON-2 a list of ids. */
export const created: Decoder<number> = (value) => {
  const [only] = list(recordNumber)(Array.isArray(value) ? value.slice(0, 1) : [value]);
  return recordNumber(Array.isArray(value) && value.length !== 1 ? value : only);
};

/** The user of an API key, as JSON-2 tells it. */
export const keyOwner = member("uid", recordNumber);

/** The login of the only user that was asked for. */
export const loginOf = list(record({ id: recordNumber, login: text }));

/** The default type of a new record of crm.lead. */
export const newLead = map(
  object({ type: where(text, (type) => type === "lead" || type === "opportunity", "lead or opportunity") }),
  ({ type }) => type as "lead" | "opportunity",
);

/** Odoo returns true from `write` and `unlink`. */
export const done = exactly(true);

/** The user id of a login; false if Odoo refuses it. */
export const loggedIn: Decoder<number | false> = orNone(recordNumber);

const choice: Decoder<readonly [value: string, label: string]> = (value) => {
  const [own, label] = where(list(text), ({ length }) => length === 2, "a value with its label")(value);
  return [own!, label!];
};

/** The fields of a model. Every model has some. */
export const modelFields = where(
  dictionary(
    record({
      type: text,
      string: text,
      selection: optional(nullable(list(anyValue))),
      relation: optional(nullable(text)),
      readonly: optional(boolean),
      store: optional(boolean),
    }),
  ),
  (fields) => Object.keys(fields).length > 0,
  "the fields of the model",
);
export const choices = list(choice);
