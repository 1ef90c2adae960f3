import { UUID } from "../../kit/adapter-kit.js";
import { fieldKit } from "../../mapping/field-kit.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { Mismatch, type Decoder } from "../../../upstream/answer-body.js";
import { anything, list, nullable, optional } from "../../../upstream/decode.js";
import { memberAt } from "../../mapping/members.js";
import { jsonDialect } from "../../mapping/json-dialect.js";

export const PROVIDER_NAME = "Twenty";
export const CLOUD_API = "https://api.twenty.com";
/** Maximum number of records in a page and in a batch. */
export const RECORDS_MAX = 60;

/** Versions and variants of RFC 9562. Twenty refuses any other id, and with it all ids of the same call. */
const RFC_UUID = /^.{14}[1-8].{4}[89ab]/i;

export const isUuid = (text: string): boolean => UUID.test(text) && RFC_UUID.test(text);

/** Twenty stores an absent text as an empty text. */
export const dialect = jsonDialect(PROVIDER_NAME, { cleared: "", isId: isUuid });
export const kit = fieldKit(dialect);
export const { readText, readDateTime } = dialect;

/** Adds the parts of composite fields to a record, under names such as `name.firstName`. */
export function flat(record: NativeRecord): NativeRecord {
  const parts = Object.entries(record).flatMap(([name, value]) =>
    typeof value !== "object" || value === null || Array.isArray(value)
      ? []
      : Object.entries(value).map(([part, own]) => [`${name}.${part}`, own] as const),
  );
  return { ...record, ...Object.fromEntries(parts) };
}

/** The reverse of `flat`, for writes. */
export function nested(native: NativeRecord): NativeRecord {
  const record: NativeRecord = {};
  for (const [path, value] of Object.entries(native)) {
    const [name = "", part] = path.split(".");
    record[name] = part === undefined ? value : { ...(record[name] as object), [part]: value };
  }
  return record;
}

/** The items of a list. None if there is no list. Some versions of Twenty answer the list as JSON text. @throws Mismatch */
export function items(native: NativeRecord, name: string): unknown[] {
  return memberAt(native, name, optional(nullable(itemList))) ?? [];
}

const itemList: Decoder<unknown[]> = (value) =>
  list(anything)(typeof value === "string" && value.startsWith("[") ? parsed(value) : value);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Mismatch("a list", "a text");
  }
}

const HOST = /^(?:localhost|[a-z0-9-]+(?:\.[a-z0-9-]+)+)$/;

/**
 * The host of a web address, with or without its scheme. Null for other texts, which recent versions refuse without a name,
 * or distort (`mailto:`).
 */
export function webHost(text: string): string | null {
  const bare = text.trim();
  const url = URL.parse(/^https?:\/\//i.test(bare) ? bare : `https://${bare}`);
  if (!url || url.username !== "" || /^\d+(?:\/|$)/.test(bare) || !HOST.test(url.hostname)) return null;
  return url.hostname;
}

const pagesOf = (origin: string) => (origin === CLOUD_API ? "https://app.twenty.com" : origin);

/** Fields of every object. */
export const recordFields = (object: string) => ({
  ...kit.stamps("createdAt", "updatedAt"),
  url: kit.url("id", (id, origin) => `${pagesOf(origin)}/object/${object}/${id}`),
});
