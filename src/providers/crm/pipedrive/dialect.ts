import { numberFrom } from "../../../upstream/long-number.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { CustomFieldRule, FieldEntry, NativeRecord } from "../../contract/field-map.js";
import { customValueReader } from "../../mapping/custom-value.js";
import { fieldKit } from "../../mapping/field-kit.js";
import { jsonDialect } from "../../mapping/json-dialect.js";

export const PROVIDER_NAME = "Pipedrive";

/** Ids are integers, except the ids of leads and of lead labels. */
export const ID = /^[1-9]\d{0,18}$/;

const dialect = jsonDialect(PROVIDER_NAME, { isId: (text) => ID.test(text) });
export const kit = fieldKit(dialect);
const readCustom = customValueReader(dialect, ",");

export const owner = kit.ownerById("owner_id");
/** Fields of every record. */
export const recordFields = { owner, ...kit.stamps("add_time", "update_time") };
/** Entries of every map. */
export const base = { providerName: PROVIDER_NAME, identity: ["id"] };
export const STAMP_ORDERS = { CREATED_AT: "add_time", UPDATED_AT: "update_time" };

/** The JSON number of an id, with all its digits. */
export const numberOf = (id: string) => numberFrom(id);

export const ownerInput = kit.requiredOwner("owner_id", numberOf);

/** Labels by name. The look-up `labelIds` replaces the names by ids before a write. */
export const tags: FieldEntry<string[] | null> = {
  reads: ["label_ids", "$labels"],
  read: (native) => native["$labels"] as string[],
  write: kit.input<string[]>("label_ids", (names) => names ?? []),
  note: "Labels, by name. crmesh refuses labels that do not exist.",
};

/** The page of a record. Null if the company's own address is not known. */
export const url = (path: string) =>
  kit.url("id", (id, origin) => (origin === "https://api.pipedrive.com" ? null : `${origin}/${path}/${id}`));

/** Money, addresses and ranges are objects with a `value`. */
export const custom: CustomFieldRule = {
  isKey: (key) => /^[a-z0-9][a-z0-9_]*$/.test(key),
  aliases: {
    // Other names of the same fields in the definitions, and in older versions.
    ...{ email: "emails", phone: "phones", label: "tags", label_ids: "tags", user_id: "owner" },
    ...{ first_name: "fullName", last_name: "fullName" },
  },
  read: (value, type) => readCustom(isObject(value) ? value["value"] : value, type),
  // Pipedrive refuses an empty list.
  write: (value) => (Array.isArray(value) && value.length === 0 ? null : value),
};

function isObject(value: unknown): value is NativeRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The activity type that every new account has. */
export const MEETING = "meeting";

export function meetingTypes(context: ProviderContext): string[] {
  const types = context.setting("meetingTypes").split(",");
  const named = types.map((type) => type.trim()).filter((type) => type !== "");
  return named.length > 0 ? named : [MEETING];
}

/** An activity without a date has no start, so it is no meeting. */
export function isMeeting(context: ProviderContext, { type, due_date: date }: NativeRecord): boolean {
  return meetingTypes(context).includes(String(type)) && kit.readText(date) !== null;
}
