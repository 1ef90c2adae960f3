import type { Credentials } from "../../../src/providers/contract/contract.js";
import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import type { Owner, ResourceName } from "../../../src/providers/contract/model.js";
import { fullName, textOf } from "../stage/truth.js";
import type { NativeClient } from "../subject.js";

type Row = NativeRecord & { id: string };

const OBJECTS: Readonly<Partial<Record<ResourceName, readonly [plural: string, singular: string]>>> = {
  contact: ["people", "person"],
  meeting: ["calendarEvents", "calendarEvent"],
};

/** Twenty's API as its documentation describes it for scripts. */
export async function openTwenty(origin: string, { apiKey }: Credentials): Promise<NativeClient> {
  async function call(method: string, path: string, body?: unknown): Promise<Record<string, unknown> | null> {
    const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
    const response = await fetch(`${origin}/rest/${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (response.ok) return answer;
    const [message] = answer["messages"] as string[];
    if (response.status === 404 || message === "Record not found") return null;
    throw new Error(message);
  }

  async function list(plural: string, filter = ""): Promise<Row[]> {
    const rows: Row[] = [];
    let cursor = "";
    do {
      const answer = await call("GET", `${plural}?limit=60&depth=0${filter}${cursor}`);
      const { data, pageInfo } = answer as {
        data: Record<string, Row[]>;
        pageInfo: { hasNextPage: boolean; endCursor: string };
      };
      rows.push(...data[plural]!);
      cursor = pageInfo.hasNextPage ? `&starting_after=${encodeURIComponent(pageInfo.endCursor)}` : "";
    } while (cursor !== "");
    return rows;
  }

  const companyNames = new Map((await list("companies")).map(({ id, name }) => [id, name]));

  /** A record with the parts of composites as separate fields. A meeting also has its participants. */
  async function complete(
    resource: ResourceName,
    rows: readonly Row[],
    filter = "",
  ): Promise<Map<string, NativeRecord>> {
    const participants = resource === "meeting" ? await list("calendarEventParticipants", filter) : [];
    const byEvent = Map.groupBy(participants, ({ calendarEventId }) => calendarEventId);
    return new Map(
      rows.map((row) => {
        const flat: NativeRecord = {};
        for (const [name, value] of Object.entries(row)) {
          const isComposite = typeof value === "object" && value !== null && !Array.isArray(value);
          if (!isComposite) flat[name] = value;
          else for (const [part, own] of Object.entries(value)) flat[`${name}.${part}`] = own;
        }
        const phones = resource === "contact" ? { $phones: phonesOf(flat) } : {};
        const company = { $company: companyNames.get(String(row["companyId"])) ?? null };
        return [row.id, { ...flat, ...phones, ...company, $participants: byEvent.get(row.id) ?? [] }];
      }),
    );
  }

  const pluralOf = (resource: ResourceName) => OBJECTS[resource]![0];
  const participations = async (from: string, to: string) => {
    const pairs = (await list("calendarEventParticipants")).filter((one) => one["personId"] !== null);
    const grouped = Map.groupBy(pairs, (one) => String(one[from]));
    return new Map([...grouped].map(([id, ones]) => [id, ones.map((one) => String(one[to]))]));
  };

  return {
    all: async (resource) => complete(resource, await list(pluralOf(resource))),
    unlisted: async () => new Map(),
    // Recent versions list only events that a calendar has. The account must have a connected calendar with an event.
    async enlist(resource, id) {
      if (resource !== "meeting") return;
      const plural = "calendarChannelEventAssociations";
      const answer = await call("GET", `${plural}?limit=1`).catch(() => null);
      const [association] = (answer?.["data"] as Record<string, Row[]> | undefined)?.[plural] ?? [];
      const calendarChannelId = association?.["calendarChannelId"];
      if (calendarChannelId)
        await call("POST", plural, { calendarEventId: id, calendarChannelId, eventExternalId: id });
    },
    async count(resource) {
      const answer = await call("GET", `${pluralOf(resource)}?limit=1`);
      return answer!["totalCount"] as number;
    },
    async get(resource, id) {
      const answer = await call("GET", `${pluralOf(resource)}/${id}`);
      if (!answer) return null;
      const [row] = Object.values(answer["data"] as Record<string, Row>);
      return (await complete(resource, [row!], `&filter=calendarEventId[eq]:${id}`)).get(id) ?? null;
    },
    async create(resource, native) {
      const [plural, singular] = OBJECTS[resource] ?? [String(resource), ""];
      const answer = await call("POST", plural, native);
      const name = `create${singular.charAt(0).toUpperCase()}${singular.slice(1)}`;
      return (answer!["data"] as Record<string, Row>)[name]!.id;
    },
    remove: async (resource, id) => void (await call("DELETE", `${pluralOf(resource)}/${id}`)),
    linked: (resource) =>
      resource === "contact"
        ? participations("personId", "calendarEventId")
        : participations("calendarEventId", "personId"),
    companies: async () => [...companyNames.keys()],
    async createCompany(name) {
      const answer = await call("POST", "companies", { name });
      const { id } = (answer!["data"] as { createCompany: Row }).createCompany;
      companyNames.set(id, name);
      return id;
    },
    removeCompany: async (id) => void (await call("DELETE", `companies/${id}`)),
    companyRecords: async () => new Map((await list("companies")).map((row) => [row.id, row])),
    async owners() {
      return new Map(
        (await list("workspaceMembers")).map(({ id, name, userEmail }): [string, Owner] => {
          const { firstName, lastName } = name as { firstName: string; lastName: string };
          return [id, { id, name: fullName(textOf(firstName), textOf(lastName)), email: textOf(userEmail) }];
        }),
      );
    },
  };
}

/** The numbers as people write them. */
function phonesOf(flat: NativeRecord): string[] {
  const first = { number: flat["phones.primaryPhoneNumber"], callingCode: flat["phones.primaryPhoneCallingCode"] };
  const others = (flat["phones.additionalPhones"] ?? []) as { number: string; callingCode: string }[];
  return [first, ...others].flatMap(({ number, callingCode }) =>
    textOf(number) === null ? [] : [[textOf(callingCode), number].filter((part) => part !== null).join(" ")],
  );
}
