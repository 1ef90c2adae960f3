import type { ProviderContext } from "../../contract/contract.js";
import type { EmailRules, NativeRecord } from "../../contract/field-map.js";
import { Sifted, type Siftable } from "../../kit/sifted.js";
import { extended, phoneNotations, plainNumber } from "../../mapping/phone-notations.js";
import { stampFilters } from "../../mapping/stamp-filters.js";
import { listIn, readText } from "./dialect.js";
import { PAGE_MAX } from "./paging.js";

/** A part of Close's query language. Source: developer.close.com, "Advanced Filtering". */
export type SearchQuery = Readonly<Record<string, unknown>>;

/** A function needs a look-up first. It resolves to null if nothing can match. */
export type Query = SearchQuery | ((context: ProviderContext) => Promise<SearchQuery | null>);
export type Condition = Siftable<Query>;

export function fieldOf(type: string, name: string): SearchQuery {
  return { type: "regular_field", object_type: type, field_name: name };
}

export function where(type: string, name: string, condition: SearchQuery): SearchQuery {
  return { type: "field_condition", field: fieldOf(type, name), condition };
}

/** Every word of the value, in any order. */
export function words(value: string): SearchQuery {
  return { type: "text", mode: "full_words", value };
}

export function moment(type: string, name: string, bound: "on_or_after" | "before", value: string): SearchQuery {
  return where(type, name, { type: "moment_range", [bound]: { type: "fixed_utc", value } });
}

function hasRelated(type: string, related: string, query: SearchQuery): SearchQuery {
  return { type: "has_related", this_object_type: type, related_object_type: related, related_query: query };
}

/** Close compares the words of an address, so a contact with other words around them is found, too. */
export const byEmails: EmailRules<Condition> = {
  batchSize: 20,
  pageSize: PAGE_MAX,
  covers: ["emails"],
  source: "developer.close.com, “Advanced Filtering”, which states no limit",
  condition: (addresses) =>
    hasRelated("contact", "contact_email", {
      type: "or",
      queries: addresses.map((value) => where("contact_email", "email", { type: "text", mode: "phrase", value })),
    }),
  addressesOf: (native) => listIn(native, "emails").flatMap(({ email }) => readText(email) ?? []),
};

/** The filters that contacts and leads share. */
export function sharedFilters(type: "contact" | "lead") {
  const bound = (bound: "on_or_after" | "before") => (name: string, at: Date) =>
    moment(type, name, bound, at.toISOString());
  return {
    search: words,
    email(value: string) {
      const plain = (address: string) => address.trim().toLowerCase();
      return reachedBy(type, ["emails", "email"], [plain(value)], (one) => plain(one) === plain(value));
    },
    phone(value: string) {
      const notations = phoneNotations(value);
      // Close stores a number with a country code as a plus sign and digits.
      const texts = extended(value) ? notations : notations.map((text) => text.replace(/[^\d+]/g, ""));
      return reachedBy(type, ["phones", "phone"], texts, (one) => plainNumber(one) === plainNumber(value));
    },
    ...stampFilters("date_created", "date_updated", bound("on_or_after"), bound("before")),
  };
}

/** A lead matches by any of its contacts. Close compares words, so each result is compared as a whole afterwards. */
function reachedBy(
  type: "contact" | "lead",
  [list, member]: readonly [list: string, member: string],
  values: readonly string[],
  isWanted: (text: string) => boolean,
): Condition {
  const entry = `contact_${member}`;
  const wanted = [...new Set(values)];
  const has = (value: string) =>
    hasRelated("contact", entry, where(entry, member, { type: "text", mode: "phrase", value }));
  const query = wanted.length === 1 ? has(wanted[0]!) : { type: "or", queries: wanted.map(has) };
  const passes = (contact: NativeRecord) => listIn(contact, list).some((one) => isWanted(String(one[member])));
  if (type === "contact") return new Sifted(query, passes, [list]);
  const anyPasses = (lead: NativeRecord) => listIn(lead, "contacts").some(passes);
  return new Sifted(hasRelated("lead", "contact", query), anyPasses, ["contacts"]);
}
