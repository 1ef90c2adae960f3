import type { Credentials } from "../../../src/providers/contract/contract.js";
import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import type { Owner, ResourceName } from "../../../src/providers/contract/model.js";
import { textOf } from "../stage/truth.js";
import type { NativeClient } from "../subject.js";

/** The tags and sources that the inputs of the subject name, by model. */
const WORDS = {
  "res.partner.category": ["customer", "lead", "Do not contact"],
  "crm.tag": ["Product", "Training"],
  "calendar.event.type": ["Customer Meeting"],
  "utm.source": ["Web"],
};

type Domain = readonly unknown[];
type Row = NativeRecord & { id: number };

const MODELS = { contact: "res.partner", lead: "crm.lead", meeting: "calendar.event" } as const;
const LISTED: Readonly<Record<ResourceName, Domain>> = {
  contact: [
    ["is_company", "=", false],
    ["type", "!=", "invoice"],
    ["type", "!=", "delivery"],
    ["active", "=", true],
  ],
  lead: [["type", "=", "lead"]],
  meeting: [["active", "=", true]],
};
/** Opportunities that were converted from leads. */
const CONVERTED: Domain = [
  ["type", "=", "opportunity"],
  ["date_conversion", "!=", false],
];
const UNLISTED: Readonly<Partial<Record<ResourceName, Domain>>> = {
  contact: [["type", "in", ["invoice", "delivery"]]],
  lead: CONVERTED,
};
const TAGS: Readonly<Record<ResourceName, readonly [field: string, model: string]>> = {
  contact: ["category_id", "res.partner.category"],
  lead: ["tag_ids", "crm.tag"],
  meeting: ["categ_ids", "calendar.event.type"],
};

/** A client that also calls any method of any model. */
export interface OdooClient extends NativeClient {
  call<Result>(model: string, method: string, args: readonly unknown[], kwargs?: object): Promise<Result>;
}

/** Odoo's API as scripts use it: JSON-RPC over fetch, without a client library. */
export async function openOdoo(origin: string, { database, login, apiKey }: Credentials): Promise<OdooClient> {
  async function rpc(service: string, method: string, args: readonly unknown[]): Promise<unknown> {
    const body = JSON.stringify({ jsonrpc: "2.0", method: "call", params: { service, method, args }, id: 1 });
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${origin}/jsonrpc`, { method: "POST", headers, body });
    const answer = (await response.json()) as { result?: unknown; error?: { data: { message: string } } };
    if (answer.error) throw new Error(answer.error.data.message);
    return answer.result;
  }

  const uid = await rpc("common", "authenticate", [database, login, apiKey, {}]);
  const call = <Result>(model: string, method: string, args: readonly unknown[], kwargs: object = {}) =>
    rpc("object", "execute_kw", [database, uid, apiKey, model, method, args, kwargs]) as Promise<Result>;
  const search = (model: string, domain: Domain, fields: readonly string[] = []) =>
    call<Row[]>(model, "search_read", [], { domain, fields, order: "id", context: { active_test: false } });

  const tagNames: Partial<Record<ResourceName, Map<number, unknown>>> = {};
  async function readTags(): Promise<void> {
    for (const [resource, [, model]] of Object.entries(TAGS)) {
      const tags = await search(model, [], ["name"]);
      tagNames[resource as ResourceName] = new Map(tags.map(({ id, name }) => [id, name]));
    }
  }
  await readTags();

  /** A record has its own fields and the names of its tags. A meeting also has its attendee records. */
  async function complete(resource: ResourceName, rows: readonly Row[]): Promise<Map<string, NativeRecord>> {
    const attendees = resource === "meeting" ? await search("calendar.attendee", []) : [];
    const byEvent = Map.groupBy(attendees, (attendee) => (attendee["event_id"] as [number, string])[0]);
    return new Map(
      rows.map((row) => {
        const $tags = (row[TAGS[resource][0]] as number[]).map((id) => tagNames[resource]!.get(id));
        return [String(row.id), { ...row, $tags, $attendees: byEvent.get(row.id) ?? [] }];
      }),
    );
  }

  const all = async (resource: ResourceName) => complete(resource, await search(MODELS[resource], LISTED[resource]));

  const LINKS: Readonly<Record<string, () => Promise<[from: number, to: number][]>>> = {
    "contact.meetings": async () =>
      (await search("calendar.event", LISTED.meeting, ["partner_ids"])).flatMap(({ id, partner_ids: partners }) =>
        (partners as number[]).map((partner): [number, number] => [partner, id]),
      ),
    "contact.leads": async () => {
      const leads = [...(await search("crm.lead", LISTED.lead)), ...(await search("crm.lead", CONVERTED))];
      return leads.flatMap(({ id, partner_id: partner }): [number, number][] =>
        Array.isArray(partner) ? [[partner[0] as number, id]] : [],
      );
    },
    "lead.contact": async () => {
      const leads = [...(await search("crm.lead", LISTED.lead)), ...(await search("crm.lead", CONVERTED))];
      return leads.flatMap(({ id, partner_id: partner }): [number, number][] =>
        Array.isArray(partner) ? [[id, partner[0] as number]] : [],
      );
    },
    "lead.convertedContact": async () =>
      (await search("crm.lead", CONVERTED)).flatMap(({ id, partner_id: partner }): [number, number][] =>
        Array.isArray(partner) ? [[id, partner[0] as number]] : [],
      ),
    "meeting.contacts": async () =>
      (await search("calendar.event", LISTED.meeting, ["partner_ids"])).flatMap(({ id, partner_ids: partners }) =>
        (partners as number[]).map((partner): [number, number] => [id, partner]),
      ),
    "meeting.leads": async () =>
      (await search("calendar.event", LISTED.meeting)).flatMap((event): [number, number][] => {
        const { id, opportunity_id: lead, res_model: model, res_id: document } = event;
        if (Array.isArray(lead)) return [[id, lead[0] as number]];
        return model === "crm.lead" && document ? [[id, document as number]] : [];
      }),
  };

  return {
    call,
    all,
    unlisted: async (resource) =>
      resource in UNLISTED ? complete(resource, await search(MODELS[resource], UNLISTED[resource]!)) : new Map(),
    count: (resource) =>
      call<number>(MODELS[resource], "search_count", [LISTED[resource]], { context: { active_test: false } }),
    async get(resource, id) {
      const rows = await search(MODELS[resource], [["id", "=", Number(id)]]);
      return (await complete(resource, rows)).get(id) ?? null;
    },
    create: async (resource, values) => String(await call<number>(MODELS[resource], "create", [values])),
    remove: async (resource, id) => void (await call(MODELS[resource], "unlink", [[Number(id)]])),
    async linked(resource, edge) {
      const pairs = await LINKS[`${resource}.${edge}`]!();
      const byRecord = Map.groupBy(pairs, ([from]) => String(from));
      return new Map([...byRecord].map(([id, links]) => [id, links.map(([, to]) => String(to))]));
    },
    async companies() {
      return (await search("res.partner", [["is_company", "=", true]], ["id"])).map(({ id }) => String(id));
    },
    createCompany: async (name) => String(await call<number>("res.partner", "create", [{ name, is_company: true }])),
    removeCompany: async (id) => void (await call("res.partner", "unlink", [[Number(id)]])),
    async companyRecords() {
      const companies = await search("res.partner", [["is_company", "=", true]]);
      return new Map(companies.map((row) => [String(row.id), row]));
    },
    async makeWords(made) {
      for (const [model, names] of Object.entries(WORDS)) {
        const there = (await search(model, [["name", "in", names]], ["name"])).map(({ name }) => name);
        for (const name of names.filter((one) => !there.includes(one)))
          made(`${model} ${await call<number>(model, "create", [{ name }])}`);
      }
      await readTags();
    },
    async removeWord(word) {
      const [model = "", id] = word.split(" ");
      await call(model, "unlink", [[Number(id)]]);
    },
    async assignable() {
      const domain = [
        ["active", "=", true],
        ["share", "=", false],
      ];
      return (await search("res.users", domain, ["id"])).map(({ id }) => String(id));
    },
    async owners() {
      const users = await search("res.users", [], ["name", "email", "login"]);
      return new Map(
        users.map(({ id, name, email }): [string, Owner] => [
          String(id),
          { id: String(id), name: textOf(name), email: textOf(email) },
        ]),
      );
    },
  };
}
