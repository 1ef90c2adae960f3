import type { FieldEntry, NativeRecord } from "../../contract/field-map.js";
import type { OwnerRef, ResourceName } from "../../contract/model.js";
import { fieldKit } from "../../mapping/field-kit.js";
import { nullable, optional, record } from "../../../upstream/decode.js";
import { memberAt } from "../../mapping/members.js";
import { jsonDialect, readText } from "../../mapping/json-dialect.js";

export const PROVIDER_NAME = "Salesforce";

export const dialect = jsonDialect(PROVIDER_NAME);
export const kit = fieldKit(dialect);

/** Key prefixes: the first three characters of an id name its object. */
export const KEY_PREFIX = {
  contact: "003",
  lead: "00Q",
  event: "00U",
  user: "005",
  group: "00G",
} as const;

const SHORT = /^[a-zA-Z0-9]{15}$/;
const LONG = /^[a-zA-Z0-9]{18}$/;
const CHECKSUM_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/**
 * Returns the 18-character form of an id. Null if the text is not an id, or not an id of that object. One malformed id
 * fails its whole call (MALFORMED_ID), so such a text must not be sent.
 * Source: developer.salesforce.com, "ID Field Type".
 */
export function longId(text: string, keyPrefix?: string): string | null {
  if (keyPrefix !== undefined && !text.startsWith(keyPrefix)) return null;
  if (SHORT.test(text)) return text + checksum(text);
  return LONG.test(text) && checksum(text.slice(0, 15)) === text.slice(15) ? text : null;
}

/**
 * Computes one character for every five characters. The bits of its number mark the capitals. The lowest bit stands for
 * the first character.
 */
function checksum(short: string): string {
  let digits = "";
  for (let start = 0; start < 15; start += 5) {
    let capitals = 0;
    for (let place = 0; place < 5; place += 1) if (/[A-Z]/.test(short[start + place]!)) capitals |= 1 << place;
    digits += CHECKSUM_DIGITS[capitals]!;
  }
  return digits;
}

/** Converts requested ids to 18 characters and back, so that every answer is keyed by the id as it was requested. */
export class AskedIds {
  readonly #asked = new Map<string, string[]>();

  /** Ignores texts that cannot be ids with this key prefix. */
  constructor(ids: readonly string[], keyPrefix: string) {
    for (const id of ids) {
      const long = longId(id, keyPrefix);
      if (long === null) continue;
      const forms = this.#asked.get(long);
      if (forms) forms.push(id);
      else this.#asked.set(long, [id]);
    }
  }

  get long(): string[] {
    return [...this.#asked.keys()];
  }

  /** The forms in which an id was requested. */
  forms(answered: unknown): readonly string[] {
    return this.#asked.get(longId(String(answered)) ?? "") ?? [];
  }
}

/** `queryAll` also returns archived rows, and deleted rows, which the query must exclude. */
export type QueryResource = "query" | "queryAll";

/** Facts of an object that its calls need in addition to its fields. */
export interface SalesforceObject {
  name: string;
  keyPrefix: string;
  resource: QueryResource;
  /** The condition of existing rows; null if the resource needs none. */
  existing: string | null;
  /** The condition of rows in a listing. */
  listed: string | null;
}

export const OBJECTS: Record<ResourceName, SalesforceObject> = {
  contact: { name: "Contact", keyPrefix: KEY_PREFIX.contact, resource: "query", existing: null, listed: null },
  lead: { name: "Lead", keyPrefix: KEY_PREFIX.lead, resource: "query", existing: null, listed: null },
  meeting: {
    name: "Event",
    keyPrefix: KEY_PREFIX.event,
    // Salesforce archives events a year after their end, and plain queries omit archived events.
    resource: "queryAll",
    existing: "IsDeleted = false",
    // Every user invited to an event has a copy of it, marked as a child.
    listed: "IsDeleted = false AND IsChild = false",
  },
};

/** The user or queue that owns a record. The same query reads the name and the e-mail address if they are selected. */
export const owner: FieldEntry<OwnerRef | null> = {
  reads: (selects) => [
    "OwnerId",
    ...(selects("name") ? ["Owner.Name"] : []),
    ...(selects("email") ? ["Owner.Email"] : []),
  ],
  read(native) {
    const id = readText(native["OwnerId"]);
    if (id === null) return null;
    const found = related(native, "Owner");
    return {
      id,
      ...(found && "Name" in found ? { name: readText(found["Name"]) } : {}),
      ...(found && "Email" in found ? { email: readText(found["Email"]) } : {}),
    };
  },
};

/** The columns of a related record. Undefined if they were not selected or there is no record. */
export function related(native: NativeRecord, relation: string): NativeRecord | undefined {
  return memberAt(native, relation, optional(nullable(record({})))) ?? undefined;
}

export const STAMP_ORDERS = { CREATED_AT: "CreatedDate", UPDATED_AT: "SystemModstamp" };

/** Fields of every object. */
export const recordFields = {
  owner,
  // SystemModstamp also changes if Salesforce itself changes a record. Unlike LastModifiedDate it is indexed.
  ...kit.stamps("CreatedDate", "SystemModstamp"),
  // Salesforce redirects an address with an id alone to the record's page.
  url: kit.url("Id", (id, origin) => `${origin}/${id}`),
};

/** A date-time of which Salesforce stores only the day. */
export const day = (native: string): FieldEntry<string | null> => ({
  ...kit.readOnlyDateTime(native),
  note: "Salesforce stores only the day, shown as UTC midnight.",
});

/** The parts of an address, whose fields have a common prefix. */
export const address = (prefix: string) => ({
  street: `${prefix}Street`,
  multiline: true,
  city: `${prefix}City`,
  state: `${prefix}State`,
  postalCode: `${prefix}PostalCode`,
  country: `${prefix}Country`,
});

/** Entries of every map. */
export const base = { providerName: PROVIDER_NAME, identity: ["Id"] };

/** Writes the owner of a record. */
export const ownerInput = kit.input<string>("OwnerId");
