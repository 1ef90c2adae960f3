import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Ground, type TestServer } from "../support/test-server.js";

let ground: Ground;
let server: TestServer;

beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
  // The roles of EspoCRM's API users: one may not edit some fields, and one reads only what is assigned to its user.
  await connect("limited");
  await connect("own");
});
afterAll(() => ground.close());

async function connect(role: string): Promise<void> {
  const credentials = { url: ground.sandbox.origins.get("espocrm")!, apiKey: `espocrm-${role}-key-demo` };
  await server.data(`mutation { upsertEndUser(input: { endUserId: "${role}" }) { id } }`);
  await server.data("mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { id } }", {
    variables: { input: { endUserId: role, provider: "espocrm", credentials } },
  });
}

const create = (role: string, input: string, selection: string) =>
  `createContact(endUserId: "${role}", provider: "espocrm", input: { ${input} }) { ${selection} }`;

describe("a write of which the CRM dropped a part without a word", () => {
  const PARTIAL = {
    code: "PROVIDER_ERROR",
    outcome: "PARTIAL",
    retryable: false,
    detail: expect.stringMatching(/^Read the record and update what is missing instead of sending this write again/),
  };

  test("a create and an update name each value that is not there, and the record", async () => {
    const input = 'lastName: "Dropped", description: "Not stored", doNotContact: true';
    const { body } = await server.query(`mutation { ${create("limited", input, "id description doNotContact")} }`);
    expect(body.errors).toMatchObject([{ path: ["createContact"], extensions: PARTIAL }]);
    const { errors, id, provider, connectionId } = body.errors![0]!.extensions;
    expect([Object.keys(errors as unknown as object), provider]).toEqual([
      ["input.description", "input.doNotContact"],
      "espocrm",
    ]);
    expect(connectionId).toEqual(expect.any(String));
    const read = await server.data(`{ contact(endUserId: "limited", id: "${String(id)}") { lastName description } }`);
    expect(read).toEqual({ contact: { lastName: "Dropped", description: null } });

    const values = 'title: null, firstName: "Ann", customFields: [{ key: "cNote", value: "x" }]';
    const update = `updateContact(endUserId: "limited", id: "${String(id)}", input: { ${values} }) { firstName customFields { key value } }`;
    const updated = await server.query(`mutation { ${update} }`);
    expect(updated.body.errors).toMatchObject([
      { extensions: { ...PARTIAL, id, errors: { "input.customFields.cNote": expect.stringContaining("EspoCRM") } } },
    ]);
  });

  test("only selected fields are compared, so that no write takes a further call", async () => {
    const input = 'lastName: "Unseen", description: "Not stored"';
    const { body } = await server.query(`mutation { ${create("limited", input, "id lastName")} }`);
    expect([body.errors, body.extensions]).toEqual([undefined, { http: { status: 201 } }]);
  });
});

test("a record that its own author may not read is shown as the CRM answered it, and what has to be read is an error that names it", async () => {
  const answered = await server.data(`mutation { ${create("own", 'lastName: "Answered"', "lastName")} }`);
  expect(answered).toEqual({ createContact: { lastName: "Answered" } });
  const more = "id lastName customFields { key }";
  const { body } = await server.query(`mutation { ${create("own", 'lastName: "Unreadable"', more)} }`);
  expect(body.errors).toMatchObject([
    { extensions: { outcome: "COMPLETED", retryable: false, id: expect.any(String), provider: "espocrm" } },
  ]);
  const { id } = body.errors![0]!.extensions;
  const bare = await server.data<{ createContact: { id: string } }>(
    `mutation { ${create("own", 'lastName: "Unread"', "id")} }`,
  );
  expect(bare.createContact.id).not.toBe(id);
});
