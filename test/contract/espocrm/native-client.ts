import type { Credentials } from "../../../src/providers/contract/contract.js";
import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import type { Owner, ResourceName } from "../../../src/providers/contract/model.js";
import { textOf } from "../stage/truth.js";
import type { NativeClient } from "../subject.js";

export const ENTITIES = { contact: "Contact", lead: "Lead", meeting: "Meeting" } as const;
const PAGE = 200;
/** Number of records read at the same time. EspoCRM shows a whole record only if it is read by its id. */
const AT_ONCE = 25;

/** EspoCRM's API as its REST documentation describes it: with fetch and without a client library. */
export async function openEspo(origin: string, { apiKey }: Credentials): Promise<NativeClient> {
  async function call(method: string, path: string, body?: NativeRecord): Promise<Response> {
    return fetch(`${origin}/api/v1/${path}`, {
      method,
      headers: { "X-Api-Key": apiKey!, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async function json<Answer>(method: string, path: string, body?: NativeRecord): Promise<Answer> {
    const response = await call(method, path, body);
    if (!response.ok)
      throw new Error(`${method} ${path}: ${response.status} ${response.headers.get("x-status-reason")}`);
    return (await response.json()) as Answer;
  }

  async function rows(entity: string, select: string, orderBy = "createdAt"): Promise<NativeRecord[]> {
    const found: NativeRecord[] = [];
    for (let offset = 0; ; offset += PAGE) {
      const path = `${entity}?select=${select}&maxSize=${PAGE}&offset=${offset}&orderBy=${orderBy}&order=asc`;
      const { list, total } = await json<{ list: NativeRecord[]; total: number }>("GET", path);
      found.push(...list);
      if (found.length >= total) return found;
    }
  }

  async function all(resource: ResourceName): Promise<Map<string, NativeRecord>> {
    const ids = (await rows(ENTITIES[resource], "id")).map(({ id }) => String(id));
    const records = new Map<string, NativeRecord>();
    for (let start = 0; start < ids.length; start += AT_ONCE) {
      const some = ids
        .slice(start, start + AT_ONCE)
        .map((id) => json<NativeRecord>("GET", `${ENTITIES[resource]}/${id}`));
      for (const record of await Promise.all(some)) records.set(String(record["id"]), record);
    }
    return records;
  }

  /** The meetings with their attendees and parent records, from both ends. */
  async function meetingLinks(
    link: "contacts" | "leads",
    parentType: string,
  ): Promise<[meeting: string, other: string][]> {
    const meetings = await rows("Meeting", `id,${link}Ids,parentType,parentId`);
    return meetings.flatMap((meeting) => {
      const ids = new Set(meeting[`${link}Ids`] as string[]);
      if (meeting["parentType"] === parentType) ids.add(String(meeting["parentId"]));
      return [...ids].map((id): [string, string] => [String(meeting["id"]), id]);
    });
  }

  async function converted(): Promise<[lead: string, contact: string][]> {
    const leads = await rows("Lead", "id,createdContactId");
    return leads
      .filter(({ createdContactId }) => createdContactId !== null)
      .map(({ id, createdContactId }) => [String(id), String(createdContactId)]);
  }

  const turned = (pairs: [string, string][]) => pairs.map(([one, other]): [string, string] => [other, one]);
  const LINKS: Readonly<Record<string, () => Promise<[from: string, to: string][]>>> = {
    "contact.meetings": async () => turned(await meetingLinks("contacts", "Contact")),
    "contact.leads": async () => turned(await converted()),
    "lead.convertedContact": converted,
    "meeting.contacts": () => meetingLinks("contacts", "Contact"),
    "meeting.leads": () => meetingLinks("leads", "Lead"),
  };

  return {
    all,
    unlisted: async () => new Map(),
    async count(resource) {
      return (await json<{ total: number }>("GET", `${ENTITIES[resource]}?select=id&maxSize=1`)).total;
    },
    async get(resource, id) {
      const response = await call("GET", `${ENTITIES[resource]}/${id}`);
      return response.status === 404 ? null : ((await response.json()) as NativeRecord);
    },
    async create(resource, native) {
      return (await json<{ id: string }>("POST", ENTITIES[resource], native)).id;
    },
    remove: async (resource, id) => void (await json("DELETE", `${ENTITIES[resource]}/${id}`)),
    async linked(resource, edge) {
      const byRecord = Map.groupBy(await LINKS[`${resource}.${edge}`]!(), ([from]) => from);
      return new Map([...byRecord].map(([id, links]) => [id, links.map(([, to]) => to)]));
    },
    async companies() {
      return (await rows("Account", "id,name", "name")).map(({ id }) => String(id));
    },
    createCompany: async (name) => (await json<{ id: string }>("POST", "Account", { name })).id,
    removeCompany: async (id) => void (await json("DELETE", `Account/${id}`)),
    async companyRecords() {
      return new Map((await rows("Account", "id,name,createdAt,modifiedAt")).map((row) => [String(row["id"]), row]));
    },
    async owners() {
      const users = await rows("User", "id,name,emailAddress");
      const { user } = await json<{ user: NativeRecord }>("GET", "App/user");
      return new Map(
        [...users, user].map(({ id, name, emailAddress }): [string, Owner] => [
          String(id),
          { id: String(id), name: textOf(name), email: textOf(emailAddress) },
        ]),
      );
    },
  };
}
