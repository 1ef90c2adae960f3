import { DynamicsWebApi, type Expand } from "dynamics-web-api";
import type { Credentials } from "../../../src/providers/contract/contract.js";
import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import type { Owner, ResourceName } from "../../../src/providers/contract/model.js";
import { textOf } from "../stage/truth.js";
import type { NativeClient } from "../subject.js";

type Pair = [from: string, to: string];

const SETS = { contact: "contacts", lead: "leads", meeting: "appointments" } as const;
const KEYS = { contact: "contactid", lead: "leadid", meeting: "activityid" } as const;
const EXPANDED: Readonly<Record<ResourceName, Expand[]>> = {
  contact: [],
  lead: [{ property: "transactioncurrencyid", select: ["isocurrencycode"] }],
  meeting: [{ property: "appointment_activity_parties" }],
};

/** An environment through DynamicsWebApi, which adds the labels and tables of references under its own names. */
export function apiOf(origin: string, { accessToken }: Credentials): DynamicsWebApi {
  return new DynamicsWebApi({
    serverUrl: origin,
    dataApi: { version: "9.2" },
    includeAnnotations: "*",
    onTokenRefresh: () => Promise.resolve(accessToken!),
  });
}

export interface DynamicsClient extends NativeClient {
  update(resource: ResourceName, id: string, values: NativeRecord): Promise<void>;
}

export async function openDynamics(origin: string, credentials: Credentials): Promise<DynamicsClient> {
  const api = apiOf(origin, credentials);

  async function rows(collection: string, expand: Expand[] = [], filter?: string): Promise<NativeRecord[]> {
    const { value } = await api.retrieveAll<NativeRecord>({ collection, expand, ...(filter ? { filter } : {}) });
    return value.map(withTexts);
  }

  async function records(resource: ResourceName, filter?: string): Promise<Map<string, NativeRecord>> {
    const found = await rows(SETS[resource], EXPANDED[resource], filter);
    return new Map(found.map((row) => [String(row[KEYS[resource]]), row]));
  }

  async function people(): Promise<{ meeting: string; person: string; table: string }[]> {
    return [...(await records("meeting"))].flatMap(([meeting, row]) => {
      const parties = row["appointment_activity_parties"] as NativeRecord[];
      const named = [
        ...parties.map((party) => [party["_partyid_value"], party["_partyid_value_LogicalName"]]),
        [row["_regardingobjectid_value"], row["_regardingobjectid_value_LogicalName"]],
      ];
      return named.flatMap(([person, table]) =>
        textOf(person) === null ? [] : [{ meeting, person: String(person), table: String(table) }],
      );
    });
  }

  const meetingsOf = async (table: string): Promise<Pair[]> =>
    (await people()).filter((one) => one.table === table).map(({ meeting, person }): Pair => [meeting, person]);

  async function references(resource: ResourceName, column: string, passes = (_row: NativeRecord) => true) {
    return [...(await records(resource))].flatMap(([id, row]): Pair[] =>
      textOf(row[column]) !== null && passes(row) ? [[id, String(row[column])]] : [],
    );
  }

  /**
   * The contacts that leads became: a contact created by the conversion, or else the contact that the lead already
   * referred to.
   */
  async function converted(): Promise<Pair[]> {
    const made = turned(await references("contact", "_originatingleadid_value"));
    const named = await references("lead", "_parentcontactid_value", ({ statecode }) => statecode === 1);
    return [...made, ...named.filter(([lead]) => !made.some(([one]) => one === lead))];
  }

  const LINKS: Readonly<Record<string, () => Promise<Pair[]>>> = {
    "contact.meetings": async () => turned(await meetingsOf("contact")),
    "contact.leads": async () => [
      ...turned(await references("lead", "_parentcontactid_value")),
      ...(await references("contact", "_originatingleadid_value")),
    ],
    "lead.contact": () => references("lead", "_parentcontactid_value"),
    "lead.convertedContact": converted,
    "meeting.contacts": () => meetingsOf("contact"),
    "meeting.leads": () => meetingsOf("lead"),
  };

  return {
    all: (resource) => records(resource),
    unlisted: async () => new Map(),
    count: (resource) => api.count({ collection: SETS[resource] }),
    get: async (resource, id) => (await records(resource, `${KEYS[resource]} eq ${id}`)).get(id) ?? null,
    create: (resource, values) => api.create<NativeRecord, string>({ collection: SETS[resource], data: values }),
    update: async (resource, id, data) => void (await api.update({ collection: SETS[resource], key: id, data })),
    remove: async (resource, id) => void (await api.deleteRecord({ collection: SETS[resource], key: id })),
    async linked(resource, edge) {
      const byRecord = Map.groupBy(await LINKS[`${resource}.${edge}`]!(), ([from]) => from);
      return new Map([...byRecord].map(([id, links]) => [id, [...new Set(links.map(([, to]) => to))]]));
    },
    async companies() {
      return (await rows("accounts")).map(({ accountid }) => String(accountid));
    },
    createCompany: (name) => api.create<NativeRecord, string>({ collection: "accounts", data: { name } }),
    removeCompany: async (id) => void (await api.deleteRecord({ collection: "accounts", key: id })),
    async companyRecords() {
      return new Map((await rows("accounts")).map((row) => [String(row["accountid"]), row]));
    },
    async owners() {
      const users = await rows("systemusers");
      const teams = await rows("teams");
      return new Map<string, Owner>([
        ...users.map((user) => ownerOf(user["systemuserid"], user["fullname"], user["internalemailaddress"])),
        ...teams.map((team) => ownerOf(team["teamid"], team["name"], null)),
      ]);
    },
  };
}

/** DynamicsWebApi turns texts that look like dates into dates. This restores the API's texts. */
function withTexts(row: NativeRecord): NativeRecord {
  const plain = (value: unknown) => (value instanceof Date ? value.toISOString().replace(".000Z", "Z") : value);
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]));
}

function turned(pairs: readonly Pair[]): Pair[] {
  return pairs.map(([one, other]): Pair => [other, one]);
}

function ownerOf(id: unknown, name: unknown, email: unknown): [string, Owner] {
  return [String(id), { id: String(id), name: textOf(name), email: textOf(email) }];
}
