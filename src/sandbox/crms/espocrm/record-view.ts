import { type DataEntry, type Database, type Row } from "./database.js";
import { allAttributes, attributesOf, ENTITY_DEFS, fieldsOf, isEntityType, type EntityType } from "./entity-defs.js";

/** Maximum number of characters of a text in a list (`maxSelectTextAttributeLengthForList`). */
const LIST_TEXT_MAX = 10_000;

/** The attributes for access checks are in every list. */
const ACL_ATTRIBUTES = ["assignedUserId", "createdById"];

/** Shows a record that is read by its id, with all attributes. */
export function singleView(database: Database, entity: EntityType, row: Row): Record<string, unknown> {
  const fields = fieldsOf(entity, database);
  const names = [...allAttributes(entity, database)].filter((name) => !fields[name]?.notStorable);
  return Object.fromEntries(names.map((name) => [name, valueOf(database, entity, row, name)]));
}

type Attributes = Readonly<Record<string, unknown>>;

/**
 * Shows a new record: EspoCRM leaves out the attributes that nobody has set, but not the names of links. Of addresses and
 * numbers that were written as a list, EspoCRM 8 shows the list alone. Recorded from EspoCRM 8.4.2 and 9.2.7.
 */
export function createdView(database: Database, entity: EntityType, row: Row, body: Attributes): Attributes {
  const fields = fieldsOf(entity, database);
  const { answersPartOfName, answersPrimary } = database.version;
  const isPrimary = (name: string) => fields[name]?.type === "email" || fields[name]?.type === "phone";
  const isNameOfLink = (name: string) => fields[name.replace(/Name$/, "")]?.type.startsWith("link") === true;
  function isShown([name, value]: [string, unknown]): boolean {
    if (name in body && !fields[name]?.readOnly) return true;
    if (isPrimary(name)) return answersPrimary && value !== null;
    return value !== null || isNameOfLink(name) || fields[name]?.default === null;
  }
  const view = Object.fromEntries(Object.entries(singleView(database, entity, row)).filter(isShown));
  const hasPart = fields["name"]?.type === "personName" && !(row["firstName"] && row["lastName"]);
  if (hasPart && !answersPartOfName) delete view["name"];
  // A contact without an account keeps no title, and its answer shows it all the same.
  return entity === "Contact" && body["title"] ? { ...view, title: body["title"] } : view;
}

/**
 * Shows a record after an update: addresses and numbers as they were sent, and beside them what the record had before. A
 * contact that has lost its account still shows its title. Recorded from EspoCRM 8.4.2.
 */
export function updatedView(
  database: Database,
  entity: EntityType,
  [old, row]: readonly [Row, Row],
  body: Attributes,
): Attributes {
  const [before, view] = [singleView(database, entity, old), singleView(database, entity, row)];
  for (const [field, { type }] of Object.entries(fieldsOf(entity, database))) {
    const data = `${field}Data`;
    if (type === "linkMultiple") view[`${field}Columns`] = before[`${field}Columns`];
    if ((type !== "email" && type !== "phone") || !(data in body)) continue;
    view[data] = body[data];
    view[field] = before[field];
  }
  if (entity === "Contact" && !("title" in body)) view["title"] = before["title"];
  return view;
}

/**
 * Shows a record in a list: linked records only if they are selected, never all addresses and numbers, and long texts
 * shortened. Source: metadata/app/fieldProcessing and Core/FieldProcessing of espocrm/espocrm.
 */
export function listedView(
  database: Database,
  entity: EntityType,
  row: Row,
  { select, orderBy }: { select: readonly string[] | null; orderBy: string | null },
): Record<string, unknown> {
  const wanted = select === null ? null : new Set(["id", ...ACL_ATTRIBUTES, ...(orderBy ? [orderBy] : []), ...select]);
  const names = new Set<string>();
  for (const [field, defs] of Object.entries(fieldsOf(entity, database))) {
    const attributes = attributesOf(field, defs);
    if (defs.type === "linkMultiple") {
      if (wanted?.has(`${field}Ids`) || wanted?.has(`${field}Names`)) attributes.forEach((name) => names.add(name));
      continue;
    }
    const listed = defs.type === "email" || defs.type === "phone" ? [field] : attributes;
    for (const name of listed) if (!wanted || wanted.has(name)) names.add(name);
  }
  const view: Record<string, unknown> = { id: row.id, ...(wanted ? {} : { deleted: row.deleted }) };
  for (const name of names) {
    const value = valueOf(database, entity, row, name);
    view[name] =
      fieldsOf(entity, database)[name]?.type === "text" && typeof value === "string"
        ? [...value.slice(0, LIST_TEXT_MAX * 2)].slice(0, LIST_TEXT_MAX).join("")
        : value;
  }
  return view;
}

/** Returns the value of an attribute. Also computes attributes that come from other attributes or other records. */
export function valueOf(database: Database, entity: EntityType, row: Row, attribute: string): unknown {
  const fields = fieldsOf(entity, database);
  if (attribute === "name" && fields["name"]!.type === "personName") {
    return [row["firstName"], row["lastName"]].filter((part) => part).join(" ") || null;
  }
  const [, base, suffix] = /^(.*?)(Names|Name|Ids|Columns)$/.exec(attribute) ?? [];
  const link = base === undefined ? undefined : fields[base];
  if (link?.type === "link" && suffix === "Name") return nameOf(database, link.entity!, row[`${base}Id`]);
  if (link?.type === "linkParent" && suffix === "Name") {
    const type = String(row[`${base}Type`]);
    return isEntityType(type) ? nameOf(database, type, row[`${base}Id`]) : null;
  }
  if (link?.type === "linkMultiple") return linkedValue(database, link.entity!, row, base!, suffix!);
  const type = fields[attribute]?.type;
  if (type === "email") return primaryOf(row, attribute)?.["emailAddress"] ?? null;
  if (type === "phone") return primaryOf(row, attribute)?.["phoneNumber"] ?? null;
  if (isData(entity, attribute)) return row[attribute] ?? [];
  return row[attribute] ?? (type === "bool" ? false : null);
}

/** All addresses or numbers of a record. */
export function dataOf(row: Row, field: string): readonly DataEntry[] {
  return (row[`${field}Data`] ?? []) as DataEntry[];
}

function primaryOf(row: Row, field: string): DataEntry | undefined {
  return dataOf(row, field).find(({ primary }) => primary === true);
}

function isData(entity: EntityType, attribute: string): boolean {
  const type = ENTITY_DEFS[entity][attribute.replace(/Data$/, "")]?.type;
  return attribute.endsWith("Data") && (type === "email" || type === "phone");
}

function nameOf(database: Database, entity: EntityType, id: unknown): unknown {
  const row = id ? database.find(entity, id) : null;
  return row && valueOf(database, entity, row, "name");
}

/** Omits links to deleted records. */
function linkedValue(database: Database, entity: EntityType, row: Row, field: string, part: string): unknown {
  const ids = ((row[`${field}Ids`] ?? []) as string[]).filter((id) => database.live(entity, id));
  if (part === "Ids") return ids;
  if (part === "Names") return Object.fromEntries(ids.map((id) => [id, nameOf(database, entity, id)]));
  const columns = (row[`${field}Columns`] ?? {}) as Record<string, unknown>;
  return Object.fromEntries(ids.map((id) => [id, columns[id] ?? { status: "None" }]));
}
