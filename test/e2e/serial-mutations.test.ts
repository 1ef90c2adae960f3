import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { providers } from "../../src/providers/index.js";
import { Ground, type TestServer } from "../support/test-server.js";

/** CRMs in which crmesh creates meetings that contacts link to. */
const WITH_MEETINGS = providers.all
  .filter(({ resources }) => resources.meeting?.create && resources.contact?.edges["meetings"])
  .map(({ slug }) => slug);

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
  await ground.connectAll("serial", { account: "serial" });
});
afterAll(() => ground.close());

interface WithMeetings {
  meetings: { nodes: { id: string }[] };
}

describe("a mutation field sees what the fields before it in the same request have written", () => {
  test("nine CRMs create meetings", () => {
    expect(WITH_MEETINGS).toHaveLength(9);
  });

  test.each(WITH_MEETINGS)(
    "%s: the meetings of a contact include one that was created in between",
    async (provider) => {
      const target = { provider, endUserId: "serial" };
      const { createContact } = await server.data<{ createContact: { id: string } }>(
        'mutation { createContact(input: { firstName: "Sera", lastName: "Ial", emails: [{ address: "sera@serial.example" }] }) { id } }',
        target,
      );
      const input = { firstName: "Sera", lastName: "Ial" };
      const meeting = {
        title: "Serial",
        startAt: "2026-12-01T10:00:00Z",
        endAt: "2026-12-01T11:00:00Z",
        contactIds: [createContact.id],
      };
      const data = await server.data<{ before: WithMeetings; createMeeting: { id: string }; after: WithMeetings }>(
        `mutation ($id: ID!, $input: ContactInput!, $meeting: MeetingInput!) {
        before: updateContact(id: $id, input: $input) { meetings { nodes { id } } }
        createMeeting(input: $meeting) { id }
        after: updateContact(id: $id, input: $input) { meetings { nodes { id } } }
      }`,
        { ...target, variables: { id: createContact.id, input, meeting } },
      );
      expect(data.before.meetings.nodes).toEqual([]);
      expect(data.after.meetings.nodes).toEqual([{ id: data.createMeeting.id }]);
    },
  );

  test("a connection that was deleted before is not written to", async () => {
    const endUserId = "leaving";
    const id = await ground.connect(endUserId, "hubspot", { account: "leaving" });
    const { body } = await server.query<Record<string, unknown>>(
      `mutation ($id: ID!) {
        first: createContact(input: { lastName: "Before" }) { nativeId }
        deleteConnection(id: $id) { status }
        second: createContact(input: { lastName: "After" }) { nativeId }
      }`,
      { provider: "hubspot", endUserId, variables: { id }, headers: { "x-crmesh-trace": "calls" } },
    );
    expect(body.data).toEqual({
      first: { nativeId: expect.any(String) },
      deleteConnection: { status: "DISCONNECTED" },
      second: null,
    });
    expect(body.errors!.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [["second"], "CONNECTION_NOT_FOUND"],
    ]);
    const writes = body.extensions!.calls!.filter(({ method, path }) => method === "POST" && /contacts$/.test(path));
    expect(writes).toHaveLength(1);
  });

  test("an end user and a connection that were made before are found", async () => {
    const { accessToken } = ground.sandbox.credentials("hubspot", "arriving");
    const data = await server.data<Record<string, unknown>>(
      `mutation ($credentials: JSON!) {
        upsertEndUser(input: { endUserId: "arriving" }) { endUserId }
        createConnection(input: { endUserId: "arriving", provider: "hubspot", credentials: $credentials }) { status }
        createContact(input: { lastName: "Arrived" }) { endUserId lastName }
      }`,
      { provider: "hubspot", endUserId: "arriving", variables: { credentials: { accessToken } } },
    );
    expect(data).toEqual({
      upsertEndUser: { endUserId: "arriving" },
      createConnection: { status: "ACTIVE" },
      createContact: { endUserId: "arriving", lastName: "Arrived" },
    });
  });
});
