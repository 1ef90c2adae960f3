import type { Column, Option } from "./column.js";
import { ENTITIES, entityOf, type Entity } from "./entities.js";
import { noSuchSegment, notFound } from "./errors.js";

/**
 * Returns the definitions of tables and columns, as far as the sandbox imitates them.
 * Source: learn.microsoft.com, "Query table definitions using the Web API".
 * @param path below the Web API, decoded: `EntityDefinitions(LogicalName='lead')/Attributes`
 */
export function definitionsAt(org: string, path: string, search: string, base: string): Record<string, unknown> {
  const match =
    /^EntityDefinitions\(LogicalName='(\w+)'\)\/Attributes(?:\(LogicalName='(\w+)'\))?(?:\/Microsoft\.Dynamics\.CRM\.(\w+)AttributeMetadata)?$/.exec(
      path,
    );
  if (!match) throw noSuchSegment(path.split("/").at(-1)!);
  const [, entityName, attribute, cast] = match;
  const table = ENTITIES.find(({ name }) => name === entityName);
  if (!table) throw notFound("EntityMetadata", entityName!);
  const entity = entityOf(org, table);
  const query = new URLSearchParams(search);
  const select = query.get("$select")?.split(",") ?? null;
  const withOptions = query.get("$expand")?.includes("OptionSet") ?? false;
  const describe = (column: Column) =>
    selected(definitionOf(entity, column, withOptions && cast !== undefined), select);
  const columns = Object.values(entity.columns).filter(({ type }) => cast === undefined || type === cast);
  if (attribute === undefined) return { "@odata.context": `${base}/$metadata`, value: columns.map(describe) };
  const column = columns.find(({ name }) => name === attribute);
  if (!column) throw notFound("AttributeMetadata", attribute);
  return { "@odata.context": `${base}/$metadata`, ...describe(column) };
}

function definitionOf(entity: Entity, column: Column, withOptions: boolean): Record<string, unknown> {
  const isMulti = column.type === "MultiSelectPicklist";
  return {
    MetadataId: `00000000-0000-0000-0000-${Buffer.from(column.name).toString("hex").padStart(12, "0").slice(-12)}`,
    LogicalName: column.name,
    EntityLogicalName: entity.name,
    // A choice of several values has the AttributeType Virtual.
    AttributeType: isMulti ? "Virtual" : column.type,
    AttributeTypeName: { Value: `${column.type}Type` },
    AttributeOf: null,
    IsCustomAttribute: column.label !== undefined,
    IsValidForRead: true,
    IsValidForCreate: column.readOnly !== true,
    IsValidForUpdate: column.readOnly !== true,
    DisplayName: labelOf(column.label ?? column.display ?? column.name),
    ...(column.type === "DateTime"
      ? {
          Format: column.dateOnly ? "DateOnly" : "DateAndTime",
          DateTimeBehavior: { Value: column.dateOnly ? "DateOnly" : "UserLocal" },
        }
      : {}),
    ...(withOptions ? optionsOf(column) : {}),
  };
}

/** A column has its own options, or refers to those of a global choice. */
function optionsOf({ options = [], isGlobal = false }: Column) {
  const set = { Options: options.map(optionOf) };
  return { OptionSet: isGlobal ? null : set, GlobalOptionSet: isGlobal ? set : null };
}

function optionOf({ value, label, state }: Option) {
  return { Value: value, Label: labelOf(label), ...(state === undefined ? {} : { State: state }) };
}

function labelOf(text: string) {
  const label = { Label: text, LanguageCode: 1033 };
  return { LocalizedLabels: [label], UserLocalizedLabel: label };
}

/** Selects members of a definition. The id and expanded members are always included. */
function selected(definition: Record<string, unknown>, select: readonly string[] | null): Record<string, unknown> {
  if (select === null) return definition;
  return Object.fromEntries(
    Object.entries(definition).filter(
      ([name]) => ["MetadataId", "OptionSet", "GlobalOptionSet"].includes(name) || select.includes(name),
    ),
  );
}
