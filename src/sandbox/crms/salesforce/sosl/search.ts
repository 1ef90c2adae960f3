import type { Org, Row } from "../org.js";
import type { Field, FieldType } from "../schema/field.js";
import type { ObjectSchema } from "../schema/object.js";
import type { RenderedRecord } from "../soql/render.js";
import { matchesTerm, wordsOf, type SearchTerm } from "./terms.js";

export type SearchScope = "ALL" | "NAME" | "EMAIL" | "PHONE";

/** What a search looks for in one object, and how it shows what it finds. */
export interface SearchTarget {
  schema: ObjectSchema;
  test(row: Row): boolean;
  render(row: Row): RenderedRecord;
  limit: number;
}

export const MAX_FOUND = 2000;

const SEARCHED_TYPES: readonly FieldType[] = ["string", "textarea", "email", "phone", "url"];
const NAME_FIELDS = ["Name", "FirstName", "LastName"];

export function search(
  org: Org,
  term: SearchTerm,
  scope: SearchScope,
  targets: readonly SearchTarget[],
  limit: number,
): RenderedRecord[] {
  const found: RenderedRecord[] = [];
  for (const target of targets) {
    const fields = target.schema.fields.filter((field) => isSearched(field, scope));
    const end = Math.min(limit, found.length + target.limit);
    for (const row of org.rows(target.schema)) {
      if (found.length >= end) break;
      if (row.IsDeleted !== true && target.test(row) && matchesTerm(term, indexedWords(row, fields))) {
        found.push(target.render(row));
      }
    }
  }
  return found;
}

function isSearched(field: Field, scope: SearchScope): boolean {
  switch (scope) {
    case "ALL":
      return SEARCHED_TYPES.includes(field.type);
    case "NAME":
      return NAME_FIELDS.includes(field.name);
    case "EMAIL":
      return field.type === "email";
    case "PHONE":
      return field.type === "phone";
  }
}

/** The words of a record's fields; the empty one between fields keeps a phrase inside one field. */
function indexedWords(row: Row, fields: readonly Field[]): string[] {
  return fields.flatMap((field) => {
    const value = row[field.name];
    return typeof value === "string" ? [...wordsOf(value), ""] : [];
  });
}
