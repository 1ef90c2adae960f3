import {
  FieldProblem,
  type CompositeInput,
  type CustomFieldRule,
  type FieldEntry,
  type InputEntry,
  type NativeRecord,
} from "../../contract/field-map.js";
import type { AddressInput } from "../../contract/input.js";
import type { OwnerRef, PostalAddress } from "../../contract/model.js";
import { UUID } from "../../kit/adapter-kit.js";
import { customValueReader } from "../../mapping/custom-value.js";
import { fieldKit } from "../../mapping/field-kit.js";
import { jsonDialect, readText } from "../../mapping/json-dialect.js";

export const PROVIDER_NAME = "Microsoft Dynamics 365 Sales";
export const isGuid = (text: string) => UUID.test(text);
export const dialect = jsonDialect(PROVIDER_NAME, { isId: isGuid });
export const kit = fieldKit(dialect);

/** The text that Dataverse shows for a value: the label of an option or the name of a referenced record. */
export const shown = (native: NativeRecord, property: string) =>
  readText(native[`${property}@OData.Community.Display.V1.FormattedValue`]);

/** The table of the record that a property refers to. */
export const tableOf = (native: NativeRecord, property: string) =>
  readText(native[`${property}@Microsoft.Dynamics.CRM.lookuplogicalname`]);

/** Reads a referenced record by its id, with its name if the response has the name. */
export function named(native: NativeRecord, property: string): { id: string; name?: string } | null {
  const [id, name] = [readText(native[property]), shown(native, property)];
  return id === null ? null : { id, ...(name === null ? {} : { name }) };
}

/** Labels are in the language of the connected user, so they are only shown and never compared. */
export const label = (native: string): FieldEntry<string | null> => ({
  reads: [native],
  read: (record) => shown(record, native) ?? readText(record[native]),
});

/** An input that refers to a record. Dataverse writes it through the navigation property of the column. */
export const reference = (navigation: string, set: string): InputEntry => ({
  native: [`${navigation}@odata.bind`, navigation],
  toNative: (id: string | null) =>
    id === null ? { [navigation]: null } : { [`${navigation}@odata.bind`]: `/${set}(${id})` },
});

const owner: FieldEntry<OwnerRef | null> = {
  reads: ["_ownerid_value"],
  read: (native) => named(native, "_ownerid_value"),
  note: "A user or a team.",
};

/** Fields of every table. */
export const recordFields = (table: string, key: string) => ({
  owner,
  ...kit.stamps("createdon", "modifiedon"),
  url: kit.url(key, (id, origin) => `${origin}/main.aspx?pagetype=entityrecord&etn=${table}&id=${id}`),
});

export const ownerInput = kit.requiredOwner("ownerid@odata.bind");

/** Names of columns. Only the definition of a table marks the environment’s own columns. */
export const custom: CustomFieldRule = {
  isKey: (key) => /^[a-z][a-z0-9_]*$/.test(key),
  // Columns that repeat what the maps hold, or that the maps write through another property.
  aliases: {
    ...{ ownerid: "ownerId", fullname: "fullName", parentcustomerid: "company", transactioncurrencyid: "value" },
    ...{ estimatedvalue: "value", scheduleddurationminutes: "endAt" },
  },
  read: customValueReader(dialect, ","),
  write: (value) => (Array.isArray(value) ? value.join(",") : value),
};

/** Entries of every map. */
export const base = { providerName: PROVIDER_NAME, custom };

export const EMAILS = ["emailaddress1", "emailaddress2", "emailaddress3"];
export const PHONES = {
  telephone1: "WORK",
  mobilephone: "MOBILE",
  telephone2: "HOME",
  telephone3: "OTHER",
  fax: "FAX",
} as const;

/** Fields that contacts and leads share. */
export const personFields = {
  firstName: kit.text("firstname"),
  lastName: kit.text("lastname"),
  title: kit.text("jobtitle"),
  emails: kit.emailSlots(EMAILS),
  description: kit.text("description"),
};
export const source = { ...label("leadsourcecode"), write: kit.input("leadsourcecode") };

/** Addresses of three lines: the first is `street`, the others are `street2`. */
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
    below.map(([two, three]): [string, string] => {
      const lines = [native[two], native[three]].filter((line) => readText(line));
      return [two, lines.join("\n")];
    });
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

/** Unified status, and the state and status reason that are written for it. */
export type StatusTable<Status extends string> = readonly (readonly [Status, state: number, reason: number])[];

/**
 * Builds the input of a status. crmesh never writes a state without its status reason. For an environment’s own reason,
 * a look-up finds both.
 */
export function statusInput<Status extends string>(
  table: StatusTable<Status>,
): CompositeInput<{ status?: Status | null | undefined; rawStatus?: string | null | undefined }> {
  return {
    inputs: ["status", "rawStatus"],
    native: ["statuscode", "statecode"],
    toNative({ status, rawStatus }) {
      if (status && rawStatus) throw new FieldProblem("Give either status or rawStatus, not both.", "", "rawStatus");
      if (rawStatus) return { statuscode: rawStatus };
      const found = table.find(([ours]) => ours === status);
      if (found) return { statecode: found[1], statuscode: found[2] };
      const words = table.map(([ours]) => ours).join(", ");
      throw new FieldProblem(
        `${PROVIDER_NAME} does not have this status. Use one of: ${words}. Or give a rawStatus.`,
        "",
        "status",
      );
    },
  };
}
