import {
  createAttioClient,
  createAttioSdk,
  createRecordObjectId,
  deleteV2ObjectsByObjectRecordsByRecordId,
  getV2Meetings,
  getV2MeetingsByMeetingId,
  getV2ObjectsByObjectRecordsByRecordId,
  getV2WorkspaceMembers,
  postV2Meetings,
  postV2ObjectsByObjectRecordsQuery,
  type PostV2MeetingsData,
} from "attio-ts-sdk";
import type { Credentials } from "../../../src/providers/contract/contract.js";
import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import type { Owner, ResourceName } from "../../../src/providers/contract/model.js";
import { fullName, textOf } from "../stage/truth.js";
import type { NativeClient } from "../subject.js";

const PAGE = 500;
const MEETING_PAGE = 200;
/**
 * The client's description of answers requires a country in every location. The API does not, so answers are not
 * validated.
 */
const UNCHECKED = { responseValidator: async () => undefined };

type Value = Record<string, unknown> & { active_until: string | null };
interface SdkRecord {
  id: { record_id: string };
  created_at: string;
  web_url: string;
  values: Record<string, Value[]>;
}

/** Attio's API through the client that is generated from Attio's own description of it. */
export async function openAttio(origin: string, { accessToken }: Credentials): Promise<NativeClient> {
  const client = createAttioClient({ authToken: accessToken!, baseUrl: origin, throwOnError: true });
  const sdk = createAttioSdk({ client });

  async function records(object: string): Promise<SdkRecord[]> {
    const all: SdkRecord[] = [];
    for (let size = PAGE; size === PAGE;) {
      const answer = await postV2ObjectsByObjectRecordsQuery({
        client,
        path: { object },
        body: { limit: PAGE, offset: all.length, sorts: [{ attribute: "created_at", direction: "asc" }] },
        ...UNCHECKED,
      });
      const page = dataOf<SdkRecord[]>(answer);
      all.push(...page);
      size = page.length;
    }
    return all;
  }

  async function meetings(): Promise<NativeRecord[]> {
    const all: NativeRecord[] = [];
    let cursor: string | null = null;
    do {
      const query: { limit: number; cursor?: string } = { limit: MEETING_PAGE, ...(cursor === null ? {} : { cursor }) };
      const answer: unknown = await getV2Meetings({ client, query });
      const body = bodyOf<{ data: NativeRecord[]; pagination: { next_cursor: string | null } }>(answer);
      all.push(...body.data);
      cursor = body.pagination.next_cursor;
    } while (cursor !== null);
    return all;
  }

  const companyNames = new Map(
    (await records("companies")).map(({ id, values }) => [id.record_id, current(values["name"])[0]?.["value"]]),
  );

  const person = ({ id, created_at, web_url, values }: SdkRecord): [string, NativeRecord] => {
    const attributes = Object.entries(values).map(([slug, all]): [string, unknown] => [slug, plain(current(all))]);
    const companyId = current(values["company"])[0]?.["target_record_id"];
    const $companyName = companyNames.get(String(companyId)) ?? null;
    const [name] = current(values["name"]);
    const $name = { $first: name?.["first_name"], $last: name?.["last_name"], $full: name?.["full_name"] };
    const $companyId = companyId ?? null;
    return [
      id.record_id,
      { ...Object.fromEntries(attributes), created_at, web_url, ...$name, $companyId, $companyName },
    ];
  };
  const meeting = (native: NativeRecord): [string, NativeRecord] => {
    const links = native["linked_records"] as { object_slug: string; record_id: string }[];
    const idsOf = (slug: string) => links.filter((link) => link.object_slug === slug).map(({ record_id: id }) => id);
    const { meeting_id: id } = native["id"] as { meeting_id: string };
    return [id, { ...native, $people: idsOf("people").sort(), $companies: idsOf("companies") }];
  };

  async function all(resource: ResourceName): Promise<Map<string, NativeRecord>> {
    return new Map(resource === "meeting" ? (await meetings()).map(meeting) : (await records("people")).map(person));
  }

  return {
    all,
    unlisted: async () => new Map(),
    async count(resource) {
      if (resource === "meeting") return (await meetings()).length;
      // Attio sends no total number, so it is the first offset without a record.
      let [below, above] = [0, 1 << 14];
      while (below < above) {
        const offset = (below + above) >> 1;
        const body = { limit: 1, offset };
        const answer = await postV2ObjectsByObjectRecordsQuery({
          client,
          path: { object: "people" },
          body,
          ...UNCHECKED,
        });
        if (dataOf<SdkRecord[]>(answer).length > 0) below = offset + 1;
        else above = offset;
      }
      return below;
    },
    async get(resource, id) {
      try {
        if (resource === "meeting") {
          return meeting(dataOf(await getV2MeetingsByMeetingId({ client, path: { meeting_id: id } })))[1];
        }
        const path = { object: "people", record_id: id };
        return person(dataOf(await getV2ObjectsByObjectRecordsByRecordId({ client, path, ...UNCHECKED })))[1];
      } catch (error) {
        if ((error as { status?: number }).status === 404) return null;
        throw error;
      }
    },
    async create(resource, native) {
      if (resource === "meeting") {
        const body = { data: native } as unknown as PostV2MeetingsData["body"];
        return meeting(dataOf(await postV2Meetings({ client, body })))[0];
      }
      const made = await sdk.records.create({ object: createRecordObjectId("people"), values: native as never });
      return (made as unknown as SdkRecord).id.record_id;
    },
    async remove(_resource, id) {
      await deleteV2ObjectsByObjectRecordsByRecordId({ client, path: { object: "people", record_id: id } });
    },
    async linked(resource) {
      const pairs = [...(await all("meeting"))].flatMap(([id, { $people }]) =>
        ($people as string[]).map((other): [string, string] => (resource === "meeting" ? [id, other] : [other, id])),
      );
      const byRecord = Map.groupBy(pairs, ([from]) => from);
      return new Map([...byRecord].map(([id, links]) => [id, links.map(([, to]) => to)]));
    },
    companies: async () => [...companyNames.keys()],
    async createCompany(name) {
      const made = await sdk.records.create({
        object: createRecordObjectId("companies"),
        values: { name } as never,
      });
      const { record_id: id } = (made as unknown as SdkRecord).id;
      companyNames.set(id, name);
      return id;
    },
    async removeCompany(id) {
      await deleteV2ObjectsByObjectRecordsByRecordId({ client, path: { object: "companies", record_id: id } });
    },
    companyRecords: async () => new Map((await records("companies")).map(({ id, values }) => [id.record_id, values])),
    async owners() {
      const members = dataOf<NativeRecord[]>(await getV2WorkspaceMembers({ client }));
      return new Map(
        members.map((member): [string, Owner] => {
          const { workspace_member_id: id } = member["id"] as { workspace_member_id: string };
          const name = fullName(textOf(member["first_name"]), textOf(member["last_name"]));
          return [id, { id, name, email: textOf(member["email_address"]) }];
        }),
      );
    },
  };
}

function current(values: readonly Value[] | undefined): Value[] {
  return (values ?? []).filter(({ active_until: until }) => until === null);
}

/** Removes the start and the author of a value. A value with a single member becomes that member. */
function plain(values: readonly Value[]): unknown {
  return values.map((value) => {
    const { active_from: _from, active_until: _until, created_by_actor: _actor, attribute_type: _type, ...own } = value;
    return Object.keys(own).length === 1 && "value" in own ? own["value"] : own;
  });
}

/** The client returns the body itself or an object around it, depending on its configuration. */
function bodyOf<Body>(answer: unknown): Body {
  const outer = answer as { data: unknown; response?: unknown };
  return ("response" in outer ? outer.data : outer) as Body;
}

function dataOf<Data>(answer: unknown): Data {
  return bodyOf<{ data: Data }>(answer).data;
}
