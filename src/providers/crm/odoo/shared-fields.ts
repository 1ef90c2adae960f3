import type { FieldEntry, InputEntry } from "../../contract/field-map.js";
import type { OwnerRef, PhoneNumber, PostalAddress } from "../../contract/model.js";
import { kit, readReference, writeReference } from "./dialect.js";
import { since, until } from "./query.js";

export const createdAt: FieldEntry<string | null> = kit.readOnlyDateTime("create_date");
export const updatedAt: FieldEntry<string | null> = kit.readOnlyDateTime("write_date");

/** The address of a user is the user record's; the owners' loader asks for it. */
export const owner: FieldEntry<OwnerRef | null> = {
  reads: ["user_id"],
  read(native) {
    const id = readReference(native["user_id"]);
    return id === null ? null : { id, name: kit.readText(native["user_id"]) };
  },
};

export const ownerInput: InputEntry = reference("user_id");

/** An input that names the record of a many2one by its id. */
export function reference(native: string): InputEntry {
  return { native: [native], toNative: (id: string | null) => ({ [native]: writeReference(id) }) };
}

/** The record's form in Odoo's web client. */
export function url(model: string): FieldEntry<string | null> {
  return {
    reads: ["id"],
    read: (native, { origin }) => `${origin}/web#id=${String(native["id"])}&model=${model}&view_type=form`,
  };
}

/** The names of an x2many's records, which are read in a call of their own (`$tags`) and written by look-up. */
export function tags(native: string): FieldEntry<string[] | null> {
  return {
    reads: [native, "$tags"],
    read: (record) => record["$tags"] as string[],
    write: { native: [native], toNative: (names: string[] | null) => ({ [native]: names ?? [] }) },
    note: "Tags that Odoo does not know are refused, not made.",
  };
}

export const phones: FieldEntry<PhoneNumber[]> = {
  ...kit.phones([
    { native: "phone", type: "WORK" },
    { native: "mobile", type: "MOBILE" },
  ]),
  note: "Recent versions of Odoo have no mobile number.",
};

const plainAddress = kit.addresses([
  {
    type: null,
    street: "street",
    street2: "street2",
    city: "city",
    state: "state_id",
    postalCode: "zip",
    country: "country_id",
  },
]);

/** State and country are records; they are read by name, and written by name or code. */
export const addresses: FieldEntry<PostalAddress[]> = {
  ...plainAddress,
  read: (native, context) =>
    plainAddress.read(native, context).map((address) => ({
      ...address,
      // A state is shown with the code of its country: "Bavaria (DE)".
      state: address.state?.replace(/ \([A-Z]{2}\)$/, "") ?? null,
    })),
};

/** The filters that all three models have alike. */
export const timeFilters = {
  createdSince: (value: Date) => [since("create_date", value)],
  createdUntil: (value: Date) => [until("create_date", value)],
  updatedSince: (value: Date) => [since("write_date", value)],
  updatedUntil: (value: Date) => [until("write_date", value)],
};
