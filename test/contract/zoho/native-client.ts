import type { Credentials } from "../../../src/providers/contract/contract.js";
import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import type { ResourceName } from "../../../src/providers/contract/model.js";
import { sdkCall, sdkConnectionWith, type SdkAnswer } from "../../sandbox/zoho/sdk.js";
import type { NativeClient } from "../subject.js";

const MODULES = { contact: "Contacts", lead: "Leads", meeting: "Events" } as const;
/** Parts of a record that are not fields in the module's description. */
const PARTS: Readonly<Record<ResourceName, readonly string[]>> = {
  contact: [],
  lead: [],
  meeting: ["$se_module", "$event_cancelled"],
};

interface Participant {
  type: string;
  participant: string;
}

/** Zoho CRM through the vendor's own client. Meetings also have their times as instants, under `$start` and `$end`. */
export async function openZoho(origin: string, credentials: Credentials): Promise<NativeClient> {
  const connection = sdkConnectionWith(origin, credentials);

  async function call(name: string, more: object): Promise<SdkAnswer> {
    const answer = await sdkCall(connection, { call: name, ...more });
    if (answer.status >= 300) throw new Error(JSON.stringify(answer.json));
    return answer;
  }

  async function listed(module: string, fields: readonly string[], converted = "false"): Promise<NativeRecord[]> {
    const rows: NativeRecord[] = [];
    for (let page = 1; ; page += 1) {
      const parameters = { fields: fields.join(","), page, per_page: 200, converted };
      const { json } = await call("list", { module, parameters });
      const { data = [], info } = (json ?? {}) as { data?: NativeRecord[]; info?: { more_records: boolean } };
      rows.push(...data);
      if (!info?.more_records) return rows;
    }
  }

  async function fieldNames(resource: ResourceName): Promise<string[]> {
    const { json } = await call("fields", { module: MODULES[resource] });
    const names = (json!["fields"] as { api_name: string }[]).map(({ api_name: name }) => name);
    return [...names, ...PARTS[resource]];
  }

  const names = new Map<ResourceName, string[]>();
  for (const resource of Object.keys(MODULES) as ResourceName[]) names.set(resource, await fieldNames(resource));

  /** A module has more fields than one call can name. */
  async function records(resource: ResourceName, converted?: string): Promise<Map<string, NativeRecord>> {
    const fields = names.get(resource)!;
    const found = new Map<string, NativeRecord>();
    for (let at = 0; at < fields.length; at += 50) {
      for (const row of await listed(MODULES[resource], fields.slice(at, at + 50), converted)) {
        const id = String(row["id"]);
        found.set(id, { ...found.get(id), ...row });
      }
    }
    return new Map([...found].map(([id, row]) => [id, completed(row)]));
  }

  async function get(resource: ResourceName, id: string): Promise<NativeRecord | null> {
    const { json } = await call("get", { module: MODULES[resource], id });
    const [row] = (json?.["data"] ?? []) as NativeRecord[];
    return row ? completed(row) : null;
  }

  function participants(row: NativeRecord, type: string): string[] {
    const all = (row["Participants"] ?? []) as Participant[];
    return all.filter((one) => one.type === type).map(({ participant }) => participant);
  }

  type Pair = [from: string, to: string];

  async function people(type: "contact" | "lead"): Promise<Pair[]> {
    return [...(await records("meeting"))].flatMap(([id, row]) => {
      const about = row[type === "contact" ? "Who_Id" : "What_Id"] as { id: string } | null;
      const own = about && (type === "contact" || row["$se_module"] === "Leads") ? [about.id] : [];
      return [...new Set([...own, ...participants(row, type)])].map((person): Pair => [id, person]);
    });
  }

  async function converted(): Promise<Pair[]> {
    return [...(await records("lead", "true"))].map(([id, row]): Pair => {
      return [id, (row["Converted_Contact"] as { id: string }).id];
    });
  }

  const turned = ([one, other]: Pair): Pair => [other, one];
  const LINKS: Readonly<Record<string, () => Promise<Pair[]>>> = {
    "contact.meetings": async () => (await people("contact")).map(turned),
    "contact.leads": async () => (await converted()).map(turned),
    "lead.contact": converted,
    "lead.convertedContact": converted,
    "meeting.contacts": () => people("contact"),
    "meeting.leads": () => people("lead"),
  };

  async function created(module: string, values: NativeRecord): Promise<string> {
    const { json } = await call("create", { module, records: [values] });
    const [{ code, details }] = json!["data"] as [{ code: string; details: { id: string } }];
    if (code !== "SUCCESS") throw new Error(JSON.stringify(json));
    return details.id;
  }

  return {
    all: (resource) => records(resource),
    unlisted: async (resource) => (resource === "lead" ? records("lead", "true") : new Map()),
    async count(resource) {
      return Number((await call("count", { module: MODULES[resource] })).json!["count"]);
    },
    get,
    create: (resource, values) => created(MODULES[resource], values),
    remove: async (resource, id) => void (await call("remove", { module: MODULES[resource], id })),
    async linked(resource, edge) {
      const byRecord = Map.groupBy(await LINKS[`${resource}.${edge}`]!(), ([from]) => from);
      return new Map([...byRecord].map(([id, links]) => [id, links.map(([, to]) => to)]));
    },
    async companies() {
      const firms = await listed("Accounts", ["Account_Name"]);
      return firms.map(({ id }) => String(id)).sort();
    },
    createCompany: (name) => created("Accounts", { Account_Name: name }),
    removeCompany: async (id) => void (await call("remove", { module: "Accounts", id })),
    async companyRecords() {
      const { json } = await call("fields", { module: "Accounts" });
      const own = (json!["fields"] as { api_name: string }[]).map(({ api_name: name }) => name);
      return new Map((await listed("Accounts", own.slice(0, 50))).map((row) => [String(row["id"]), row]));
    },
    async owners() {
      const { json } = await call("users", { parameters: { type: "AllUsers" } });
      const users = json!["users"] as { id: string; full_name: string; email: string }[];
      return new Map(users.map(({ id, full_name: name, email }) => [id, { id, name, email }]));
    },
  };
}

function completed(row: NativeRecord): NativeRecord {
  if (!("Start_DateTime" in row)) return row;
  const instant = (value: unknown) => new Date(String(value)).toISOString();
  return { ...row, $start: instant(row["Start_DateTime"]), $end: instant(row["End_DateTime"]) };
}
