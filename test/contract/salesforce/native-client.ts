import jsforce from "jsforce";
import type { Credentials } from "../../../src/providers/contract/contract.js";
import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import type { Owner, ResourceName } from "../../../src/providers/contract/model.js";
import { textOf } from "../stage/truth.js";
import type { NativeClient } from "../subject.js";

const OBJECTS = { contact: "Contact", lead: "Lead", meeting: "Event" } as const;
/** Columns of related records, in addition to all columns of the object. */
const RELATED: Readonly<Record<ResourceName, readonly string[]>> = {
  contact: ["Owner.Name", "Owner.Email", "Account.Name"],
  lead: ["Owner.Name", "Owner.Email"],
  meeting: ["Owner.Name", "Owner.Email", "Who.Name", "Who.Email"],
};
const LISTED: Readonly<Record<ResourceName, string>> = {
  contact: "IsDeleted = false",
  lead: "IsDeleted = false",
  meeting: "IsDeleted = false AND IsChild = false",
};

/** Salesforce through jsforce. */
export async function openSalesforce(origin: string, { accessToken }: Credentials): Promise<NativeClient> {
  const connection = new jsforce.Connection({ instanceUrl: origin, accessToken: accessToken!, version: "66.0" });

  async function rows(soql: string): Promise<NativeRecord[]> {
    const result = await connection.query<NativeRecord>(soql, { autoFetch: true, maxFetch: 100_000, scanAll: true });
    return result.records;
  }

  const columns: Partial<Record<ResourceName, string[]>> = {};
  for (const [resource, object] of Object.entries(OBJECTS) as [ResourceName, string][]) {
    const { fields } = await connection.sobject(object).describe();
    columns[resource] = [...fields.map(({ name }) => name), ...RELATED[resource]];
  }

  /** Related columns under their dotted names, and the people of an event under `$relations`. */
  async function records(resource: ResourceName, where: string): Promise<Map<string, NativeRecord>> {
    const found = await rows(`SELECT ${columns[resource]!.join(",")} FROM ${OBJECTS[resource]} WHERE ${where}`);
    const relations = resource === "meeting" ? await relationsByEvent() : new Map<string, NativeRecord[]>();
    return new Map(
      found.map((row) => {
        const related = RELATED[resource].map((path) => {
          const [relation, column] = path.split(".");
          return [path, (row[relation!] as NativeRecord | null)?.[column!] ?? null];
        });
        const id = String(row["Id"]);
        return [id, { ...row, ...Object.fromEntries(related), $relations: relations.get(id) ?? [] }];
      }),
    );
  }

  async function relationsByEvent(): Promise<Map<string, NativeRecord[]>> {
    const relations = await rows(
      "SELECT EventId,RelationId,Relation.Name,Relation.Email,Status,IsInvitee FROM EventRelation WHERE IsDeleted = false",
    );
    return Map.groupBy(relations, ({ EventId }) => String(EventId));
  }

  async function people(): Promise<[event: string, person: string][]> {
    const events = await records("meeting", LISTED.meeting);
    return [...events].flatMap(([id, event]) => {
      const related = (event["$relations"] as NativeRecord[]).map(({ RelationId }) => String(RelationId));
      const ids = [textOf(event["WhoId"]), ...related].filter((person) => person !== null);
      return [...new Set(ids)].map((person): [string, string] => [id, person]);
    });
  }

  async function converted(): Promise<[lead: string, contact: string][]> {
    const leads = await rows(
      "SELECT Id,ConvertedContactId FROM Lead WHERE ConvertedContactId != null AND IsDeleted = false",
    );
    return leads.map(({ Id, ConvertedContactId }) => [String(Id), String(ConvertedContactId)]);
  }

  const isContact = ([, person]: [string, string]) => person.startsWith("003");
  const isLead = ([, person]: [string, string]) => person.startsWith("00Q");
  const turned = ([one, other]: [string, string]): [string, string] => [other, one];
  const LINKS: Readonly<Record<string, () => Promise<[from: string, to: string][]>>> = {
    "contact.meetings": async () => (await people()).filter(isContact).map(turned),
    "contact.leads": async () => (await converted()).map(turned),
    "lead.contact": converted,
    "lead.convertedContact": converted,
    "meeting.contacts": async () => (await people()).filter(isContact),
    "meeting.leads": async () => (await people()).filter(isLead),
  };

  async function created(object: string, values: NativeRecord): Promise<string> {
    const result = await connection.sobject(object).create(values);
    if (!result.success) throw new Error(JSON.stringify(result.errors));
    return result.id;
  }

  return {
    all: (resource) => records(resource, LISTED[resource]),
    unlisted: async () => new Map(),
    async count(resource) {
      const result = await connection.query(`SELECT COUNT() FROM ${OBJECTS[resource]} WHERE ${LISTED[resource]}`, {
        scanAll: true,
      });
      return result.totalSize;
    },
    get: async (resource, id) => (await records(resource, `Id = '${id}' AND IsDeleted = false`)).get(id) ?? null,
    create: (resource, values) => created(OBJECTS[resource], values),
    remove: async (resource, id) => void (await connection.sobject(OBJECTS[resource]).destroy(id)),
    async linked(resource, edge) {
      const byRecord = Map.groupBy(await LINKS[`${resource}.${edge}`]!(), ([from]) => from);
      return new Map([...byRecord].map(([id, links]) => [id, links.map(([, to]) => to)]));
    },
    async companies() {
      return (await rows("SELECT Id FROM Account ORDER BY Name")).map(({ Id }) => String(Id));
    },
    createCompany: (Name) => created("Account", { Name }),
    removeCompany: async (id) => void (await connection.sobject("Account").destroy(id)),
    async companyRecords() {
      const { fields } = await connection.sobject("Account").describe();
      const accounts = await rows(`SELECT ${fields.map(({ name }) => name).join(",")} FROM Account`);
      return new Map(accounts.map((row) => [String(row["Id"]), row]));
    },
    async owners() {
      const users = await rows("SELECT Id,Name,Email FROM User");
      const queues = await rows("SELECT Id,Name FROM Group");
      return new Map(
        [...users, ...queues].map(({ Id, Name, Email }): [string, Owner] => [
          String(Id),
          { id: String(Id), name: textOf(Name), email: textOf(Email) },
        ]),
      );
    },
  };
}
