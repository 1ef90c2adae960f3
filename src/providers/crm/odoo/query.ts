import { overColumns, type OverColumns } from "../../contract/columns.js";
import type { EmailRules } from "../../contract/field-map.js";
import { dateOf, dayFrom } from "../../mapping/all-day.js";
import { phoneNotations } from "../../mapping/phone-notations.js";
import { stampFilters, wholeSecond } from "../../mapping/stamp-filters.js";
import { recordId, writeDateTime } from "./dialect.js";

/** A comparison `[field, operator, value]`; the numbers are Odoo's constants for "always" and "never". */
export type Term = readonly [field: string | number, operator: string, value: unknown];

/**
 * Odoo's conditions: prefix notation, terms without an operator between them must all hold.
 * Source: odoo.com/documentation, "Search domains".
 */
export type Domain = readonly (Term | "|" | "&")[];

/** A filter, which may be over fields that not every user may see. */
export type Filter = Domain | OverColumns<Domain>;

export const NOT_ARCHIVED: Domain = [["active", "=", true]];

/** People, as opposed to companies, and to their addresses for invoices and deliveries, which are partners as well. */
export const IS_PERSON: Domain = [
  ["is_company", "=", false],
  ["type", "not in", ["invoice", "delivery"]],
];

export const NEVER: Term = [0, "=", 1];

export function anyOf(...alternatives: Domain[]): Domain {
  return [...alternatives.slice(1).map(() => "|" as const), ...alternatives.flatMap(allOf)];
}

/** Joins the terms of a domain into one operand for an operator. */
function allOf(domain: Domain): Domain {
  const operators = domain.filter((part) => typeof part === "string").length;
  const operands = domain.length - operators;
  return [...Array.from({ length: operands - operators - 1 }, () => "&" as const), ...domain];
}

/** Without regard to case. LIKE's wildcards and its escape character are taken literally. */
export function isText(field: string, value: string): Term {
  return [field, "=ilike", literal(value)];
}

function contains(field: string, value: string): Term {
  return [field, "ilike", literal(value)];
}

function literal(value: string): string {
  return value.replace(/[\\%_]/g, "\\$&");
}

/** How the records of a model are found by the address in this field. Odoo compares the whole text of the field. */
export function emailRules(field: string): EmailRules<Domain> {
  return {
    batchSize: 50,
    pageSize: 500,
    covers: [field],
    source: "odoo.com/documentation, “Search domains”; Odoo sets no limit",
    condition: (addresses) => anyOf(...addresses.map((address): Domain => [isText(field, address)])),
    addressesOf: ({ [field]: address }) => (typeof address === "string" ? [address] : []),
  };
}

/** Finds records that have the text in any of the fields. */
function containsInAny(fields: readonly string[], value: string): Domain {
  return anyOf(...fields.map((field) => [contains(field, value)]));
}

/** Filters over the fields that the user may see. */
export const containing = (...fields: readonly string[]) => overColumns(fields, containsInAny);
export const isAddress = (field: string) => overColumns([field], (_only, value: string) => [isText(field, value)]);
/** Finds a number in its usual notations. */
export const hasPhone = overColumns(["phone", "mobile"], (fields, value: string) => {
  const texts = phoneNotations(value);
  return anyOf(...fields.map((field): Domain => [[field, "in", texts]]));
});
export const ownedBy = overColumns(["user_id"], (_only, id: string) => refersTo("user_id", id));

function refersTo(field: string, id: string): Domain {
  const number = recordId(id);
  return [number === null ? NEVER : [field, "=", number]];
}

/** Stored times have microseconds that answers cut off, so bounds have whole seconds as the answers do. */
export function since(field: string, date: Date): Term {
  return [field, ">=", writeDateTime(wholeSecond(date))];
}

export function until(field: string, date: Date): Term {
  return [field, "<", writeDateTime(wholeSecond(date))];
}

/**
 * Where an order goes on that has come to a time. Records without a time are the last ones of an ascending order, and the
 * first ones of a descending order, as in PostgreSQL.
 */
export function beginning(field: string, direction: "ASC" | "DESC", time: Date): Domain {
  if (direction === "DESC") return [until(field, new Date(time.getTime() + 1_000))];
  return anyOf([since(field, time)], [[field, "=", false]]);
}

/** Compares a date with the first day that begins at the instant or later. */
export function fromDay(field: string, operator: ">=" | "<", instant: Date): Term {
  return [field, operator, dateOf(dayFrom(instant))];
}

/** Filters of every model. */
export const timeFilters = stampFilters<Domain>(
  "create_date",
  "write_date",
  (...bound) => [since(...bound)],
  (...bound) => [until(...bound)],
);

export const IS_LEAD: Domain = [["type", "=", "lead"]];

/** Opportunities that were converted from a lead, as opposed to those that were created as opportunities. */
export const WAS_LEAD: Domain = [
  ["type", "=", "opportunity"],
  ["date_conversion", "!=", false],
];

export const IS_OR_WAS_LEAD: Domain = anyOf(IS_LEAD, WAS_LEAD);

/**
 * The domain for a database that has leads switched off. Its menus show opportunities only, so these are the leads there,
 * and no conversion makes them something else.
 */
export function withoutLeads(domain: Domain): Domain {
  return domain.map((part) => {
    if (typeof part === "string") return part;
    const [field, , value] = part;
    if (field === "type" && value === "lead") return ["type", "=", "opportunity"];
    return field === "date_conversion" ? NEVER : part;
  });
}

/**
 * Opportunities share the model, so listings keep to leads. Only asking for converted ones, which are opportunities by
 * then, says itself of which type they are.
 */
export function listedLeads(conditions: Domain): Domain {
  return conditions.some(([field]) => field === "type") ? [] : IS_LEAD;
}
