import { textOf } from "../../kit/json.js";
import { isLookup } from "./column.js";
import { columnOfNavigation, entityNamed, entityOfSet, type Entity } from "./entities.js";
import { badPayload, duplicate, notFound, readOnlyRecord, wrongStatus } from "./errors.js";
import { isReference, moment, type Org, type Reference, type Row, type Value } from "./org.js";
import { storedValue } from "./values.js";

export type Body = Readonly<Record<string, unknown>>;

const GUID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";
const BOUND = new RegExp(`^(?:https?://[^/]+/api/data/v[\\d.]+)?/?(\\w+)\\((${GUID})\\)$`);
const PARTIES = "appointment_activity_parties";
/** The parties that the server adds: the record that an activity is about, and its owner. */
const REGARDING = 8;
const OWNER = 9;

export interface WriteOptions {
  /** True for the header `MSCRM.SuppressDuplicateDetection: false`. */
  detectsDuplicates: boolean;
  /** The id in the path of a PATCH that creates the row. */
  id?: string;
}

/** @returns the new row's id */
export function createRow(org: Org, entity: Entity, body: Body, options: WriteOptions): string {
  requireWritable(entity, "Create");
  // A create ignores the state.
  const { statecode: _state, ...rest } = body;
  const changes = readBody(org, entity, rest);
  const defaults = statusDefaults(entity);
  const now = moment(org.now());
  const id = (options.id ?? org.newId()).toLowerCase();
  const row = completed(entity, {
    [entity.key]: id,
    ...(entity.name === "appointment" ? { isalldayevent: false, instancetypecode: 0 } : {}),
    ...defaults,
    ownerid: { entity: "systemuser", id: org.userId },
    createdon: now,
    modifiedon: now,
    ...changes.row,
  });
  assertStatus(entity, row);
  if (options.detectsDuplicates) assertUnique(org, entity, row);
  org.put(entity.name, row);
  if (entity.name === "appointment") putParties(org, row, changes.parties ?? []);
  return id;
}

export function updateRow(org: Org, entity: Entity, current: Row, body: Body, options: WriteOptions): void {
  requireWritable(entity, "Update");
  const changes = readBody(org, entity, body);
  const others = Object.keys(body).filter((name) => name !== "statecode" && name !== "statuscode");
  if (others.length > 0 && entity.closed.includes(Number(current["statecode"]))) throw readOnlyRecord(entity.name);
  const row = completed(entity, { ...current, ...changes.row, modifiedon: moment(org.now()) });
  assertStatus(entity, row);
  if (options.detectsDuplicates) assertUnique(org, entity, row);
  org.put(entity.name, row);
  const id = textOf(row[entity.key]);
  if (entity.name === "appointment") putParties(org, row, changes.parties ?? guestsOf(org, id));
}

export function deleteRow(org: Org, entity: Entity, id: string): void {
  requireWritable(entity, "Delete");
  org.remove(entity.name, id);
}

function requireWritable(entity: Entity, method: string): void {
  if (entity.writable) return;
  throw badPayload(entity.set, `The '${method}' method does not support entities of type '${entity.name}'.`);
}

/** Qualifies a lead, and creates its contact. Source: learn.microsoft.com, "QualifyLead Action". */
export function qualifyLead(org: Org, lead: Row, body: Body): Reference[] {
  const flags = ["CreateAccount", "CreateContact", "CreateOpportunity"];
  if (flags.some((flag) => typeof body[flag] !== "boolean") || typeof body["Status"] !== "number") {
    throw badPayload("leads", "QualifyLead needs CreateAccount, CreateContact, CreateOpportunity and Status.");
  }
  const entity = entityNamed("lead");
  const made: Reference[] = [];
  if (body["CreateContact"] === true) {
    const names = ["firstname", "lastname", "emailaddress1", "telephone1", "mobilephone", "jobtitle"];
    const id = createRow(
      org,
      entityNamed("contact"),
      {
        ...Object.fromEntries(names.map((name) => [name, lead[name] ?? null])),
        "originatingleadid@odata.bind": `/leads(${textOf(lead["leadid"])})`,
      },
      { detectsDuplicates: false },
    );
    made.push({ entity: "contact", id });
  }
  const status = body["Status"] === -1 ? 3 : body["Status"];
  const row = { ...lead, statecode: 1, statuscode: status, modifiedon: moment(org.now()) };
  assertStatus(entity, row);
  org.put("lead", row);
  return made;
}

interface Changes {
  row: Row;
  parties: Row[] | null;
}

function readBody(org: Org, entity: Entity, body: Body): Changes {
  const row: Record<string, Value> = {};
  let parties: Row[] | null = null;
  for (const [name, given] of Object.entries(body)) {
    const [property = "", annotation] = name.split("@");
    if (annotation !== undefined && annotation !== "odata.bind") continue;
    if (entity.name === "appointment" && property === PARTIES && annotation === undefined) {
      if (!Array.isArray(given)) throw badPayload(entity.set, `'${PARTIES}' is not a list.`);
      parties = given.map((party) => readParty(org, party as Body));
      continue;
    }
    const bound = columnOfNavigation(entity, property);
    if (bound && (annotation !== undefined || given === null)) {
      row[bound.name] = given === null ? null : boundRecord(org, entity, bound.navigation![property]!, given);
      continue;
    }
    const column = entity.columns[property];
    if (!column || annotation !== undefined || isLookup(column)) throw invalidProperty(entity, name);
    // Dataverse ignores read-only columns.
    if (!column.readOnly) row[column.name] = storedValue(entity, column, given);
  }
  return { row, parties };
}

function readParty(org: Org, body: Body): Row {
  const entity = entityNamed("activityparty");
  const { row } = readBody(org, entity, body);
  if (typeof row["participationtypemask"] !== "number") {
    throw badPayload("activityparties", "The participation type of an activity party is missing.");
  }
  return row;
}

function boundRecord(org: Org, entity: Entity, target: string, given: unknown): Reference {
  const [, set, id] = BOUND.exec(String(given)) ?? [];
  const found = set === undefined ? undefined : entityOfSet(set);
  if (!found || !target.split("|").includes(found.name)) {
    throw badPayload(entity.set, `'${String(given).slice(0, 80)}' is no reference to a ${target}.`);
  }
  if (!org.get(found.name, id!)) throw notFound(found.name, id!);
  return { entity: found.name, id: id!.toLowerCase() };
}

function invalidProperty(entity: Entity, name: string) {
  return badPayload(
    entity.set,
    `Microsoft.Crm.CrmException: Invalid property '${name}' was found in entity 'Microsoft.Dynamics.CRM.${entity.name}'.`,
  );
}

/** Adds the columns that the server computes from others. */
function completed(entity: Entity, row: Row): Row {
  if ("fullname" in entity.columns) {
    const name = [row["firstname"], row["middlename"], row["lastname"]].filter((part) => part).map(textOf);
    return { ...row, fullname: name.length === 0 ? null : name.join(" ") };
  }
  if (entity.name !== "appointment") return row;
  const [start, end] = [row["scheduledstart"], row["scheduledend"]].map((time) => Date.parse(textOf(time)));
  if (end! < start!) throw badPayload(entity.set, "The end of an appointment cannot be before its start.");
  return {
    ...row,
    scheduleddurationminutes: Number.isNaN(end! - start!) ? null : Math.round((end! - start!) / 60_000),
  };
}

function statusDefaults({ columns }: Entity): Row {
  const first = columns["statuscode"]?.options?.[0];
  return first ? { statecode: first.state!, statuscode: first.value } : {};
}

function assertStatus(entity: Entity, row: Row): void {
  const { statecode, statuscode } = entity.columns;
  if (!statecode || !statuscode) return;
  const option = statuscode.options!.find(({ value }) => value === row["statuscode"]);
  if (option?.state === row["statecode"]) return;
  const state = statecode.options!.find(({ value }) => value === row["statecode"])?.label ?? "";
  throw wrongStatus(Number(row["statuscode"]), `${entity.name[0]!.toUpperCase()}${entity.name.slice(1)}State.${state}`);
}

/** Applies the duplicate rules of a new environment: no two people with the same e-mail address. */
function assertUnique(org: Org, entity: Entity, row: Row): void {
  const address = row["emailaddress1"];
  if (typeof address !== "string") return;
  const twin = org
    .all(entity.name)
    .find(
      (other) =>
        other[entity.key] !== row[entity.key] &&
        textOf(other["emailaddress1"] ?? "").toLowerCase() === address.toLowerCase(),
    );
  if (twin) throw duplicate(org.name.endsWith("-500") ? 500 : 412);
}

function guestsOf(org: Org, id: string): readonly Row[] {
  return org.partiesOf(id).filter(({ participationtypemask }) => Number(participationtypemask) < REGARDING);
}

function putParties(org: Org, appointment: Row, guests: readonly Row[]): void {
  const activity: Reference = { entity: "appointment", id: textOf(appointment["activityid"]) };
  const made = (mask: number, partyid: Value | undefined): Row[] =>
    isReference(partyid ?? null) ? [{ participationtypemask: mask, partyid: partyid! }] : [];
  const all = [
    ...guests.filter(({ participationtypemask }) => Number(participationtypemask) < REGARDING),
    ...made(REGARDING, appointment["regardingobjectid"]),
    ...made(OWNER, appointment["ownerid"]),
  ];
  org.setParties(
    activity.id,
    all.map((party) => ({ activitypartyid: org.newId(), ...party, activityid: activity })),
  );
}
