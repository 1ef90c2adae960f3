import { customValueReader } from "../../mapping/custom-value.js";
import {
  FieldProblem,
  type CompositeInput,
  type CustomFieldRule,
  type FieldEntry,
  type NativeRecord,
} from "../../contract/field-map.js";
import type { AddressInput } from "../../contract/input.js";
import { readText } from "../../mapping/json-dialect.js";
import type { OwnerRef, PostalAddress } from "../../contract/model.js";
import { containsWords, equalsAny, sharedFilters } from "./query.js";
import { dialect, kit, label, named, PROVIDER_NAME } from "./dialect.js";

const owner: FieldEntry<OwnerRef | null> = {
  reads: ["_ownerid_value"],
  read: (native) => named(native, "_ownerid_value"),
  note: "A user or a team.",
};

/** What all tables have. */
export const ownFields = (table: string, key: string) => ({
  owner,
  createdAt: kit.readOnlyDateTime("createdon"),
  updatedAt: kit.readOnlyDateTime("modifiedon"),
  url: {
    reads: [key],
    read: (native: NativeRecord, { origin }: { origin: string }) =>
      `${origin}/main.aspx?pagetype=entityrecord&etn=${table}&id=${String(native[key])}`,
  },
});

export const ownerInput = {
  native: ["ownerid@odata.bind"],
  toNative(id: string | null) {
    if (id === null) throw new FieldProblem(`${PROVIDER_NAME} keeps no record without an owner.`);
    return { "ownerid@odata.bind": id };
  },
};

/** A publisher’s prefix and an underscore; `address1_city` and `revenue_base` are Dataverse’s own. */
export const custom: CustomFieldRule = {
  isCustom: (key) => /^(?!address\d_)[a-z][a-z0-9]{1,7}_\w+(?<!_base)$/.test(key),
  read: customValueReader(dialect, ","),
  write: (value) => (Array.isArray(value) ? value.join(",") : value),
};

const EMAILS = ["emailaddress1", "emailaddress2", "emailaddress3"];
export const PHONES = [
  { native: "telephone1", type: "WORK" },
  { native: "mobilephone", type: "MOBILE" },
  { native: "telephone2", type: "HOME" },
  { native: "telephone3", type: "OTHER" },
  { native: "fax", type: "FAX" },
] as const;

/** What contacts and leads have alike. */
export const personFields = {
  firstName: kit.text("firstname"),
  lastName: kit.text("lastname"),
  title: kit.text("jobtitle"),
  emails: kit.emailSlots(EMAILS),
  description: kit.text("description"),
};
export const source = { ...label("leadsourcecode"), write: kit.input("leadsourcecode") };

export const personFilters = (searched: readonly string[], phones: readonly { native: string }[]) => ({
  ...sharedFilters,
  name: containsWords(["fullname"]),
  search: containsWords(["fullname", ...EMAILS, "telephone1", "mobilephone", ...searched]),
  email: equalsAny(EMAILS),
  phone: equalsAny(phones.map(({ native }) => native)),
});

/** Addresses of three lines, of which everything below the first is `street2`. */
export function addresses(...prefixes: string[]): FieldEntry<PostalAddress[]> {
  const entry = kit.addresses(
    prefixes.map((prefix) => ({
      type: null,
      street: `${prefix}_line1`,
      street2: `${prefix}_line2`,
      city: `${prefix}_city`,
      state: `${prefix}_stateorprovince`,
      postalCode: `${prefix}_postalcode`,
      country: `${prefix}_country`,
    })),
  );
  const below = prefixes.map((prefix) => [`${prefix}_line2`, `${prefix}_line3`] as const);
  const joined = (native: NativeRecord) =>
    below.map(([two, three]) => [two, [native[two], native[three]].filter((line) => readText(line)).join("\n")]);
  const parted = (native: NativeRecord) =>
    below.flatMap(([two, three]) => {
      const [second, ...rest] = (readText(native[two]) ?? "").split("\n");
      return [[two, second || null] as const, [three, rest.join("\n") || null] as const];
    });
  const columns = [...entry.write!.native, ...below.map(([, three]) => three)];
  return {
    reads: columns,
    read: (native, context) => entry.read({ ...native, ...Object.fromEntries(joined(native)) }, context),
    write: {
      native: columns,
      toNative(value: AddressInput[] | null) {
        const written = entry.write!.toNative(value as never);
        return { ...written, ...Object.fromEntries(parted(written)) };
      },
    },
  };
}

/** Unified status, and the state and its reason that are written for it. */
export type StatusTable<Status extends string> = readonly (readonly [Status, state: number, reason: number])[];

/** A state is never set without its reason; one of the environment’s own reasons is looked up, with its state. */
export function statusInput<Status extends string>(
  table: StatusTable<Status>,
): CompositeInput<{ status?: Status | null | undefined; rawStatus?: string | null | undefined }> {
  return {
    inputs: ["status", "rawStatus"],
    native: ["statuscode", "statecode"],
    toNative({ status, rawStatus }) {
      if (status && rawStatus) throw new FieldProblem("Give either status or rawStatus.", "", "rawStatus");
      if (rawStatus) return { statuscode: rawStatus };
      const found = table.find(([ours]) => ours === status);
      if (found) return { statecode: found[1], statuscode: found[2] };
      const words = table.map(([ours]) => ours).join(", ");
      throw new FieldProblem(`${PROVIDER_NAME} takes one of ${words} here, or a rawStatus.`, "", "status");
    },
  };
}
