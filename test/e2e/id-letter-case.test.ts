import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { decodeGlobalId, encodeGlobalId } from "../../src/graphql/operation/global-id.js";
import { Ground, type TestServer } from "../support/test-server.js";

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
});
afterAll(() => ground.close());

/** The records whose ids are UUIDs. */
const WITH_UUIDS = [
  ["dynamics365", "contact"],
  ["dynamics365", "lead"],
  ["dynamics365", "meeting"],
  ["twenty", "contact"],
  ["twenty", "meeting"],
  ["pipedrive", "lead"],
  ["attio", "contact"],
  ["attio", "meeting"],
] as const;

interface Found {
  id: string;
  nativeId: string;
  createdAt: string | null;
}

/** The global id of the same kind and connection with another native id. */
function withNativeId(id: string, change: (nativeId: string) => string): string {
  const decoded = decodeGlobalId(id)!;
  return encodeGlobalId({ ...decoded, nativeId: change(decoded.nativeId) });
}

async function firstOf(provider: string, resource: string): Promise<Found> {
  const document = `{ list: ${resource}s(first: 1) { nodes { id nativeId createdAt } } }`;
  const { list } = await server.data<{ list: { nodes: Found[] } }>(document, { provider });
  return list.nodes[0]!;
}

const inCapitals = (text: string) => text.toUpperCase();
const title = (resource: string) => resource[0]!.toUpperCase() + resource.slice(1);

describe("ids in another letter case", () => {
  test.each(WITH_UUIDS)(
    "%s: a %s is found by its id in capitals, and malformed ids beside it disturb nobody",
    async (slug, resource) => {
      const good = await firstOf(slug, resource);
      expect(inCapitals(good.nativeId)).not.toBe(good.nativeId);
      // The second one is written like a UUID, but has no version.
      const malformed = ["not-an-id", "00000000-0000-0000-0000-000000000001"].map((id) =>
        withNativeId(good.id, () => id),
      );
      const ids = [good.id, ...malformed, withNativeId(good.id, inCapitals)];
      const { body } = await server.query<{ nodes: (Found | null)[] }>(
        `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ${title(resource)} { id nativeId createdAt } } }`,
        { variables: { ids } },
      );
      expect(body.data!.nodes).toEqual([good, null, null, good]);
      const code = `${resource.toUpperCase()}_NOT_FOUND`;
      expect(body.errors!.map(({ path, extensions }) => [path, extensions.code])).toEqual([
        [["nodes", 1], code],
        [["nodes", 2], code],
      ]);
      const one = await server.data<{ one: Found }>(
        `query ($id: ID!) { one: ${resource}(id: $id) { id nativeId createdAt } }`,
        { provider: slug, variables: { id: inCapitals(good.nativeId) } },
      );
      expect(one).toEqual({ one: good });
    },
  );

  test.each(["dynamics365", "twenty", "attio"])(
    "%s: links, updates and deletes take an id in capitals",
    async (slug) => {
      const options = { provider: slug, endUserId: `capitals-${slug}` };
      await ground.connect(options.endUserId, slug, { account: "written" });
      const mutate = async (field: string, variables: Record<string, unknown>, types: string) =>
        (await server.data<{ done: Found }>(`mutation ${types} { done: ${field} }`, { ...options, variables })).done;
      const contact = await mutate(
        'createContact(input: { firstName: "Ann", lastName: "Lee" }) { id nativeId createdAt }',
        {},
        "",
      );
      const id = inCapitals(contact.nativeId);
      const times = 'startAt: "2026-06-10T09:00:00Z", endAt: "2026-06-10T10:00:00Z"';
      const meeting = await mutate(
        `createMeeting(input: { title: "Capitals", ${times}, contactIds: $ids }) { id nativeId createdAt }`,
        { ids: [id, contact.nativeId] },
        "($ids: [ID!]!)",
      );
      const { contact: linked } = await server.data<{ contact: { meetings: { nodes: { id: string }[] } } }>(
        "query ($id: ID!) { contact(id: $id) { meetings { nodes { id } } } }",
        { ...options, variables: { id } },
      );
      expect(linked.meetings.nodes).toEqual([{ id: meeting.id }]);
      const updated = await mutate(
        'updateContact(id: $id, input: { title: "CEO" }) { id nativeId createdAt }',
        { id },
        "($id: ID!)",
      );
      expect(updated).toEqual(contact);
      await mutate("deleteContact(id: $id) { id nativeId }", { id }, "($id: ID!)");
      const gone = await server.query("query ($id: ID!) { contact(id: $id) { id createdAt } }", {
        ...options,
        variables: { id },
      });
      expect(gone.body.errors![0]!.extensions.code).toBe("CONTACT_NOT_FOUND");
    },
  );
});
