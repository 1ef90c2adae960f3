import type { FieldEntry } from "../../contract/field-map.js";
import type { OwnerRef, PhoneNumber, PostalAddress } from "../../contract/model.js";
import { fieldKit } from "../../mapping/field-kit.js";
import { jsonDialect, readText as readJsonText } from "../../mapping/json-dialect.js";

export const SLUG = "odoo";
export const PROVIDER_NAME = "Odoo";

/** Odoo's values. `false` means "none" except for booleans. A many2one is `[id, name]`. */
export const dialect = jsonDialect(PROVIDER_NAME, {
  cleared: false,
  isId: (text) => recordId(text) !== null,
  readText,
  readDateTime,
  writeDateTime,
});

export const kit = fieldKit(dialect);

export function readText(value: unknown): string | null {
  const text: unknown = Array.isArray(value) ? value[1] : value;
  return text === false ? null : readJsonText(text);
}

/** Odoo writes date-times in UTC and without a zone, which JavaScript would take for local time. */
export function readDateTime(value: unknown): string | null {
  const text = readText(value);
  if (text === null) return null;
  const date = new Date(`${text.slice(0, 19).replace(" ", "T")}Z`);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** Writes `YYYY-MM-DD HH:MM:SS` in UTC. Odoo refuses ISO 8601. */
export function writeDateTime(value: Date): string {
  return value.toISOString().slice(0, 19).replace("T", " ");
}

/** The id of a many2one's record. */
export function readReference(value: unknown): string | null {
  const id: unknown = Array.isArray(value) ? value[0] : value;
  return typeof id === "number" && id > 0 ? String(id) : null;
}

/** Whether a relation's value is a many2one (`[id, name]`). An x2many is a list of ids. */
export function isManyToOne(value: unknown): boolean {
  return Array.isArray(value) && typeof value[1] === "string";
}

/** The ids of an x2many's records. */
export function readReferences(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** The number of a native id. Null if no Odoo record can have the id: PostgreSQL refuses a query with a larger number. */
export function recordId(id: string): number | null {
  return /^[1-9]\d{0,9}$/.test(id) && Number(id) < 2 ** 31 ? Number(id) : null;
}

/** Builds Odoo's command that replaces the records of an x2many. */
export function writeReferences(ids: readonly (number | false)[]) {
  return [[6, 0, ids]];
}

/** Id and name of the user. The owners' loader reads the e-mail address. */
export const owner: FieldEntry<OwnerRef | null> = {
  reads: ["user_id"],
  read(native) {
    const id = readReference(native["user_id"]);
    return id === null ? null : { id, name: kit.readText(native["user_id"]) };
  },
};

export const ownerInput = kit.reference("user_id", Number);

/** Entries of every map. */
export const base = { providerName: PROVIDER_NAME, identity: ["id"] };

/** Fields of every model. The page is the record's form in Odoo's web client. */
export const recordFields = (model: string) => ({
  owner,
  ...kit.stamps("create_date", "write_date"),
  url: kit.url("id", (id, origin) => `${origin}/web#id=${id}&model=${model}&view_type=form`),
});

/**
 * The names of an x2many's records. A separate call reads them (`$tags`), and a look-up replaces written names with
 * ids.
 */
export function tags(native: string): FieldEntry<string[] | null> {
  return {
    reads: [native, "$tags"],
    read: (record) => record["$tags"] as string[],
    write: { native: [native], toNative: (names: string[] | null) => ({ [native]: names ?? [] }) },
    note: "crmesh refuses tags that Odoo does not have.",
  };
}

export const phones: FieldEntry<PhoneNumber[]> = {
  ...kit.phones({ phone: "WORK", mobile: "MOBILE" }),
  note: "Recent versions of Odoo have no mobile number.",
};

const lines = { street: "street", street2: "street2" };
const places = { city: "city", state: "state_id", postalCode: "zip", country: "country_id" };
const plainAddress = kit.addresses([{ type: null, ...lines, ...places }]);

/** State and country are records. They are read by name, and written by name or code. */
export const addresses: FieldEntry<PostalAddress[]> = {
  ...plainAddress,
  read: (native, context) =>
    plainAddress.read(native, context).map((address) => ({
      ...address,
      // A state is shown with the code of its country: "Bavaria (DE)".
      state: address.state?.replace(/ \([A-Z]{2}\)$/, "") ?? null,
    })),
};
