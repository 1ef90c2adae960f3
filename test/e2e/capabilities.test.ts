import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { espocrmSandbox } from "../../src/sandbox/crms/espocrm/index.js";
import { odooSandbox } from "../../src/sandbox/crms/odoo/index.js";
import { pipedriveSandbox } from "../../src/sandbox/crms/pipedrive/index.js";
import { twentySandbox } from "../../src/sandbox/crms/twenty/index.js";
import { Ground, type TestServer } from "../support/test-server.js";

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
});
afterAll(() => ground.close());

interface Capability {
  resource: string;
  filters: string[];
  writableInputs: string[];
  fields: string[];
}

const CAPABILITIES = "capabilities { resource filters writableInputs fields }";

/** What an account of the sandbox can do, and what its CRM can do in general. */
async function capabilitiesOf(provider: string, credentials: Record<string, string>, kind = "narrow") {
  const endUserId = `${kind}-${provider}`;
  await server.data(`mutation { upsertEndUser(input: { endUserId: "${endUserId}" }) { id } }`, { endUserId: null });
  const { createConnection } = await server.data<{
    createConnection: { id: string; capabilities: Capability[]; provider: { capabilities: Capability[] } };
  }>(
    `mutation ($input: CreateConnectionInput!) {
      createConnection(input: $input) { id ${CAPABILITIES} provider { ${CAPABILITIES} } }
    }`,
    { endUserId: null, variables: { input: { endUserId, provider, credentials } } },
  );
  const contactOf = (capabilities: Capability[]) => capabilities.find(({ resource }) => resource === "CONTACT")!;
  return {
    id: createConnection.id,
    own: contactOf(createConnection.capabilities),
    general: contactOf(createConnection.provider.capabilities),
  };
}

test("a connection says what its account has, and what the connected user may not see is missing", async () => {
  const { own, general } = await capabilitiesOf("espocrm", espocrmSandbox.typedCredential("narrow"));
  for (const [capability, has] of [
    [general, true],
    [own, false],
  ] as const) {
    expect(capability.filters.includes("phone")).toBe(has);
    expect(capability.writableInputs.includes("phones")).toBe(has);
    expect(capability.fields.includes("phones")).toBe(has);
    expect(capability.filters).toContain("search");
    expect(capability.writableInputs).toContain("emails");
  }
});

test.each([
  ["odoo", odooSandbox, ["websites"], "phones"],
  ["pipedrive", pipedriveSandbox, ["title", "addresses", "description"], "phones"],
] as const)("fields that an account of %s has not are missing", async (slug, sandbox, absent, present) => {
  const { own, general } = await capabilitiesOf(slug, sandbox.typedCredential("narrow"));
  for (const name of absent) {
    expect([general.fields.includes(name), own.fields.includes(name)]).toEqual([true, false]);
    expect([general.writableInputs.includes(name), own.writableInputs.includes(name)]).toEqual([true, false]);
  }
  expect([own.fields.includes(present), own.writableInputs.includes(present)]).toEqual([true, true]);
});

test("fields that a newer version does not have are missing", async () => {
  const { own, general } = await capabilitiesOf("twenty", twentySandbox.typedCredential("narrow"));
  expect(general.fields).toContain("addresses");
  expect(own.fields).not.toContain("addresses");
  expect(own.writableInputs).not.toContain("addresses");
  expect(own.fields).toContain("websites");
});

test("an account that has everything can do what its provider can do, and the definitions that say so are priced", async () => {
  const { id, own, general } = await capabilitiesOf("espocrm", espocrmSandbox.typedCredential("whole"), "whole");
  expect(own).toEqual(general);
  const { body } = await server.query(`{ connection(id: "${id}") { ${CAPABILITIES} } }`, {
    endUserId: null,
    headers: { "x-crmesh-price": "show" },
  });
  const { price } = body.extensions as unknown as { price: { calls: number } };
  // One read of the user's rights serves all kinds of records.
  expect(price.calls).toBe(1);
});
