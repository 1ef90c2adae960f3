import type { Credentials } from "../../../src/providers/contract/contract.js";
import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import type { Owner, ResourceName } from "../../../src/providers/contract/model.js";
import { fullName, textOf } from "../stage/truth.js";
import type { NativeClient } from "../subject.js";

const PATHS = { contact: "contact", lead: "lead", meeting: "activity/meeting" } as const;
const PAGE = 100;

interface Page {
  data: NativeRecord[];
  has_more: boolean;
}

/** Close's API as its documents describe it for scripts: REST over fetch with an API key. */
export async function openClose(origin: string, { apiKey, accessToken }: Credentials): Promise<NativeClient> {
  const authorization =
    apiKey === undefined ? `Bearer ${accessToken}` : `Basic ${Buffer.from(`${apiKey}:`).toString("base64")}`;

  async function call(method: string, path: string, body?: object) {
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: { authorization, ...(body ? { "content-type": "application/json" } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const answer = (await response.json()) as NativeRecord;
    if (!response.ok) throw Object.assign(new Error(JSON.stringify(answer)), { status: response.status });
    return answer;
  }

  const pathOf = (resource: ResourceName, id?: string) =>
    `/api/v1/${PATHS[resource]}/${id === undefined ? "" : `${id}/`}`;

  async function everything(path: string): Promise<NativeRecord[]> {
    const records: NativeRecord[] = [];
    for (let page: Page | null = null; page === null || page.has_more;) {
      page = (await call("GET", `${path}?_limit=${PAGE}&_skip=${records.length}`)) as unknown as Page;
      records.push(...page.data);
    }
    return records;
  }

  const all = async (resource: ResourceName) =>
    new Map((await everything(pathOf(resource))).map((record) => [String(record["id"]), record]));

  async function contactsOfMeetings(): Promise<[meeting: string, contact: string][]> {
    return [...(await all("meeting"))].flatMap(([id, { attendees }]) =>
      (attendees as NativeRecord[]).flatMap(({ contact_id: contact }): [string, string][] =>
        contact === null ? [] : [[id, String(contact)]],
      ),
    );
  }

  const leadOf = async (resource: ResourceName) =>
    [...(await all(resource))].map(([id, record]): [string, string] => [id, String(record["lead_id"])]);

  const LINKS: Readonly<Record<string, () => Promise<[from: string, to: string][]>>> = {
    "contact.leads": () => leadOf("contact"),
    "contact.meetings": async () => (await contactsOfMeetings()).map(([meeting, contact]) => [contact, meeting]),
    "lead.contact": async () =>
      [...(await all("lead"))].flatMap(([id, { contacts }]): [string, string][] => {
        const [first] = contacts as NativeRecord[];
        return first ? [[id, String(first["id"])]] : [];
      }),
    "meeting.contacts": contactsOfMeetings,
    "meeting.leads": () => leadOf("meeting"),
  };

  return {
    all,
    unlisted: async () => new Map(),
    count: async (resource) => (await all(resource)).size,
    async get(resource, id) {
      try {
        return await call("GET", pathOf(resource, id));
      } catch (error) {
        if ((error as { status?: number }).status === 404) return null;
        throw error;
      }
    },
    async create(resource, native) {
      if (resource !== "meeting") return String((await call("POST", pathOf(resource), native))["id"]);
      const { data } = (await call("POST", "/__sandbox/calendar-sync/", native)) as unknown as Page;
      return String(data[0]!["id"]);
    },
    remove: async (resource, id) => void (await call("DELETE", pathOf(resource, id))),
    async linked(resource, edge) {
      const pairs = await LINKS[`${resource}.${edge}`]!();
      const byRecord = Map.groupBy(pairs, ([from]) => from);
      return new Map([...byRecord].map(([id, links]) => [id, [...new Set(links.map(([, to]) => to))]]));
    },
    companies: async () => [...(await all("lead")).keys()].slice(0, 6),
    createCompany: async (name) => String((await call("POST", pathOf("lead"), { name }))["id"]),
    removeCompany: async (id) => void (await call("DELETE", pathOf("lead", id))),
    companyRecords: () => all("lead"),
    async owners() {
      const users = await everything("/api/v1/user/");
      return new Map(
        users.map(({ id, first_name: first, last_name: last, email }): [string, Owner] => [
          String(id),
          { id: String(id), name: fullName(textOf(first), textOf(last)), email: textOf(email) },
        ]),
      );
    },
  };
}
