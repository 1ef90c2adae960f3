import type { Decoder } from "../../../upstream/answer-body.js";
import {
  boolean,
  filledText,
  id,
  list,
  member,
  nullable,
  number,
  object,
  optional,
  record,
  sentId,
  text,
  where,
} from "../../../upstream/decode.js";
import type { NativeRecord } from "../../contract/field-map.js";

/** What crmesh relies on in Dataverse's answers. Source: learn.microsoft.com, "Use the Microsoft Dataverse Web API". */

const PARTY = "_partyid_value";
const TABLE_OF_PARTY = `${PARTY}@Microsoft.Dynamics.CRM.lookuplogicalname`;

/** A participant. Dataverse names the table of the record that it refers to. */
const party = where(
  record({ participationtypemask: number, [PARTY]: optional(nullable(sentId)), [TABLE_OF_PARTY]: optional(text) }),
  (one) => typeof one[PARTY] !== "string" || typeof one[TABLE_OF_PARTY] === "string",
  "a participant with its table",
);

/** A row of a table, with the participants of a meeting. @param key the column of its id */
export const rowWith = (key: string) =>
  record({ [key]: sentId, statecode: optional(number), appointment_activity_parties: optional(list(party)) });

/** A row that refers to another one, or does not. */
export const pairOf = (from: string, to: string) => record({ [from]: sentId, [to]: optional(nullable(sentId)) });

export const stateOf = record({ statecode: number });
export const currency = record({ transactioncurrencyid: sentId, isocurrencycode: text });
export const account = record({ accountid: sentId });

export function rowsOf<Row extends NativeRecord>(row: Decoder<Row>) {
  return object({ value: list(row), "@odata.nextLink": optional(filledText) });
}

export const whoAmI = member("UserId", id);

const choice = optional(nullable(object({ Value: text })));
const label = optional(
  nullable(object({ UserLocalizedLabel: optional(nullable(object({ Label: optional(nullable(text)) }))) })),
);

/** The definition of a column. */
export const column = object({
  LogicalName: text,
  AttributeTypeName: choice,
  DisplayName: label,
  AttributeOf: optional(nullable(text)),
  IsCustomAttribute: optional(boolean),
  IsValidForRead: optional(boolean),
  IsValidForCreate: optional(boolean),
  IsValidForUpdate: optional(boolean),
  DateTimeBehavior: choice,
});
export type Column = ReturnType<typeof column>;
export const columns = member("value", list(column));
export type Label = ReturnType<typeof label>;

/** An option. `State` is the state that a status reason belongs to. */
const option = object({ Value: number, State: optional(number), Label: label });
export type Option = ReturnType<typeof option>;
const options = nullable(object({ Options: list(option) }));
/** A choice has its own options, or those of a global choice. */
export const optionSet = object({ OptionSet: options, GlobalOptionSet: optional(options) });
export const optionSets = member(
  "value",
  list(object({ LogicalName: text, OptionSet: options, GlobalOptionSet: optional(options) })),
);
