import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { FailingProxy, type ProxiedRequest } from "../support/failing-proxy.js";
import { Ground, type TestServer } from "../support/test-server.js";

let ground: Ground;
let proxy: FailingProxy;
let server: TestServer;
let contactId: string;

beforeAll(async () => {
  ground = await Ground.open();
  proxy = await FailingProxy.open(ground.sandbox.origins.get("hubspot")!);
  const sandbox = Object.assign(Object.create(ground.sandbox) as Ground["sandbox"], {
    origins: new Map([...ground.sandbox.origins, ["hubspot", proxy.origin]]),
  });
  server = await ground.serve({ sandbox, circuit: { failures: 1_000 } });
  // What is loaded once is there afterwards, so that the writes of the tests need no other reads.
  const { createContact } = await server.data<{ createContact: { id: string } }>(
    'mutation { createContact(provider: "hubspot", input: { lastName: "Before" }) { id title } }',
  );
  contactId = createContact.id;
});
afterAll(async () => {
  await ground.close();
  await proxy.close();
});
beforeEach(() => {
  proxy.fails = () => false;
});

const isCreate = ({ method, url }: ProxiedRequest) => method === "POST" && /\/objects\/[\d-]+\/[^/]+$/.test(url);
const isUpdate = ({ method }: ProxiedRequest) => method === "PATCH";

/** Refuses everything after the first request that `isWrite` accepts. */
function failAfter(isWrite: (request: ProxiedRequest) => boolean): void {
  let written = false;
  proxy.fails = (request) => {
    if (written) return true;
    written = isWrite(request);
    return false;
  };
}

const create = (lastName: string, selection: string) =>
  `createContact(provider: "hubspot", input: { lastName: "${lastName}" }) { ${selection} }`;
const update = (selection: string) => `updateContact(id: "${contactId}", input: { title: "After" }) { ${selection} }`;

/** HubSpot's answer to a write does not hold `url`, so the record is read for it. */
describe("a write that succeeded, but whose record could not be read back", () => {
  const READ_BACK = /^Read the record by `id` instead of sending this write again, because it succeeded\./;

  test.each([
    ["create", isCreate, () => `mutation { ${create("Unread", "id title url")} }`],
    ["update", isUpdate, () => `mutation { ${update("id title url")} }`],
  ])("%s: the answer has one status, the error's, and no 201", async (_name, isWrite, document) => {
    failAfter(isWrite);
    const { status, body } = await server.query(document());
    expect(status).toBe(502);
    expect(body.extensions).toBeUndefined();
    expect(body.errors).toMatchObject([
      {
        extensions: {
          code: "PROVIDER_ERROR",
          http: { status: 502 },
          outcome: "COMPLETED",
          retryable: false,
          resolution: "The CRM returned an unexpected error. Retry the request.",
          detail: expect.stringMatching(READ_BACK),
        },
      },
    ]);
    proxy.fails = () => false;
    const { id } = body.errors![0]!.extensions;
    const read = await server.data<{ contact: object }>(`{ contact(id: "${id}") { id } }`);
    expect(read.contact).toEqual({ id });
  });

  test("beside a create that is complete: the data of the one, the error of the other, and no 201 for both", async () => {
    failAfter(isUpdate);
    const { status, body } = await server.query(
      `mutation { a: ${create("Complete", "id")} b: ${update("title url")} }`,
    );
    expect(status).toBe(200);
    expect(body.data).toEqual({ a: { id: expect.any(String) }, b: null });
    expect(body.errors).toMatchObject([{ path: ["b"], extensions: { http: { status: 502 }, outcome: "COMPLETED" } }]);
    expect(body.extensions).toBeUndefined();
  });

  test("creates that are complete keep their 201", async () => {
    const { body } = await server.query(`mutation { a: ${create("One", "id")} b: ${update("title")} }`);
    expect([body.errors, body.extensions]).toEqual([undefined, { http: { status: 201 } }]);
  });
});

test("a write whose outcome is unknown says first what to do instead of retrying", async () => {
  proxy.fails = isCreate;
  const { status, body } = await server.query(`mutation { ${create("Unknown", "id")} }`);
  expect(status).toBe(502);
  expect(body.errors).toMatchObject([
    {
      extensions: {
        outcome: "UNKNOWN",
        retryable: false,
        resolution: "The CRM returned an unexpected error. Retry the request.",
        detail: expect.stringMatching(
          /^Read the record, or search for it after a create, before you send this write again/,
        ),
      },
    },
  ]);
});
