import { isNumber } from "../../kit/exact-number.js";
import { textOf } from "../../kit/json.js";
import { type Column, isLookup, type Option } from "./column.js";
import { columnOfNavigation, entityNamed, type Entity } from "./entities.js";
import { badQuery, noSuchProperty } from "./errors.js";
import { isReference, type Org, type Row, type Value } from "./org.js";
import { columnOfProperty, relatedRow } from "./paths.js";

/** The requested parts of a row. */
export interface Shape {
  /** Property names. Null for all properties. */
  select: readonly string[] | null;
  expand: readonly Expansion[];
  annotations: ReadonlySet<string>;
}

export interface Expansion {
  navigation: string;
  select: readonly string[] | null;
}

const FORMATTED = "OData.Community.Display.V1.FormattedValue";
const LOGICAL_NAME = "Microsoft.Dynamics.CRM.lookuplogicalname";

/** A row as the Web API writes it. */
export function viewOf(org: Org, entity: Entity, row: Row, shape: Shape, base: string): Record<string, unknown> {
  const { select, expand, annotations } = shape;
  const id = textOf(row[entity.key]);
  const view: Record<string, unknown> = { "@odata.etag": `W/"${etagOf(row)}"` };
  const names = select === null ? Object.values(entity.columns).map(propertyName) : [...select, entity.key];
  for (const name of new Set(names)) {
    const column = columnOfProperty(entity, name);
    if (!column) throw noSuchProperty(name, entity.name);
    const value = row[column.name] ?? null;
    view[name] = isReference(value) ? value.id : value;
    if (value === null) continue;
    const formatted = formattedValue(org, column, value);
    if (formatted !== null && has(annotations, FORMATTED)) view[`${name}@${FORMATTED}`] = formatted;
    if (isReference(value) && has(annotations, LOGICAL_NAME)) view[`${name}@${LOGICAL_NAME}`] = value.entity;
  }
  for (const { navigation, select: inner } of expand) {
    const innerShape = { select: inner, expand: [], annotations };
    if (entity.name === "appointment" && navigation === "appointment_activity_parties") {
      const parties = org.partiesOf(id);
      view[navigation] = parties.map((party) => viewOf(org, entityNamed("activityparty"), party, innerShape, base));
      // Expanded rows are not paged, so the link repeats them.
      const query = inner === null ? "" : `?$select=${inner.join(",")}`;
      view[`${navigation}@odata.nextLink`] = `${base}/${entity.set}(${id})/${navigation}${query}`;
      continue;
    }
    const column = columnOfNavigation(entity, navigation);
    if (!column) throw badQuery(`Property '${navigation}' on type '${entity.name}' is not a navigation property.`);
    const related = relatedRow(org, row, column, navigation);
    view[navigation] = related ? viewOf(org, related.entity, related.row, innerShape, base) : null;
  }
  return view;
}

export function propertyName(column: Column): string {
  return isLookup(column) ? `_${column.name}_value` : column.name;
}

function has(annotations: ReadonlySet<string>, name: string): boolean {
  return annotations.has("*") || annotations.has(name);
}

function formattedValue(org: Org, column: Column, value: Exclude<Value, null>): string | null {
  if (isReference(value)) {
    const { title } = entityNamed(value.entity);
    return (org.get(value.entity, value.id)?.[title] ?? null) as string | null;
  }
  if (column.type === "MultiSelectPicklist") {
    return String(value)
      .split(",")
      .map((one) => labelOf(column.options, Number(one)))
      .join("; ");
  }
  if (column.options) return labelOf(column.options, Number(value));
  if (column.type === "Boolean") return value === true ? "Yes" : "No";
  if (column.type === "DateTime") {
    // A text in the user's format and time zone, for people and not for programs.
    return new Date(String(value)).toLocaleString("en-US", { timeZone: "America/New_York" });
  }
  if (isNumber(value)) return new Intl.NumberFormat("en-US").format(Number(value));
  return null;
}

function labelOf(options: readonly Option[] | undefined, value: number): string | null {
  return options?.find((option) => option.value === value)?.label ?? null;
}

function etagOf(row: Row): number {
  return Date.parse(textOf(row["modifiedon"] ?? "2026-01-01T00:00:00Z")) / 1000;
}
