import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "graphql";
import {
  createClient,
  crmeshErrors,
  CrmeshTransportError,
  isCrmeshError,
  retryAfter,
  type Client,
  type CrmeshErrorOf,
  type TypedDocument,
} from "../../src/client/index.js";
import { DEMO_KEY, Ground, type TestServer } from "../support/test-server.js";

interface Contacts {
  contacts: { nodes: ({ id: string; fullName: string } | null)[] } | null;
}
const CONTACTS = parse(
  "query Contacts($provider: String!) { contacts(provider: $provider, first: 2) { nodes { id fullName } } }",
) as unknown as TypedDocument<Contacts, { provider: string }>;
const EVERYTHING = "{ connections { provider { slug } contacts(first: 1) { nodes { fullName } } } }";

let ground: Ground;
let server: TestServer;
let client: Client;

beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
  client = createClient({ url: server.url, apiKey: DEMO_KEY, endUserId: "demo" });
});
afterAll(() => ground.close());

const failureOf = async (promise: Promise<unknown>): Promise<Error> => {
  const settled = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!("error" in settled)) throw new Error(`It did not fail, but returned ${JSON.stringify(settled.value)}`);
  return settled.error as Error;
};

describe("an answer of crmesh", () => {
  test("request: the data of a tree, a text in an object, and a text", async () => {
    const { contacts } = await client.request(CONTACTS, { provider: "hubspot" });
    expect(contacts!.nodes).toEqual([
      { id: expect.any(String), fullName: expect.any(String) },
      { id: expect.any(String), fullName: expect.any(String) },
    ]);
    class TypedText extends String {}
    const text = new TypedText("{ errorCodes { code } }") as TypedDocument<{ errorCodes: object[] }, object>;
    expect((await client.request(text)).errorCodes.length).toBeGreaterThan(20);
    expect(await client.request("{ __typename }")).toEqual({ __typename: "Query" });
  });

  test("execute: data, extensions, status and request id", async () => {
    const headers = { "x-crmesh-trace": "calls" };
    const answer = await client.execute(CONTACTS, { provider: "hubspot" }, { headers });
    expect(answer.data!.contacts!.nodes).toHaveLength(2);
    expect(answer.errors).toEqual([]);
    expect(answer.extensions["calls"]).toHaveLength(1);
    expect(answer).toMatchObject({ status: 200, requestId: expect.any(String), repeatable: false });
  });

  test("an operation of several, by its name", async () => {
    const document = "query A { a: __typename } query B { b: __typename }";
    expect(await client.request(document, {}, { operationName: "B" })).toEqual({ b: "Query" });
  });

  test("an operation for another end user than the client's", async () => {
    await ground.endUser("alone");
    const alone = await client.request<{ connections: object[] }>("{ connections { id } }", {}, { endUserId: "alone" });
    expect(alone.connections).toEqual([]);
  });
});

describe("errors of crmesh", () => {
  const limited = { headers: { "x-sandbox-fault": "hubspot=PROVIDER_RATE_LIMITED" } };

  test("execute: the data of the other CRMs beside the error of one", async () => {
    const answer = await client.execute<{ connections: { contacts: object | null }[] }>(EVERYTHING, {}, limited);
    const connections = answer.data!.connections;
    expect(connections.filter(({ contacts }) => contacts !== null)).toHaveLength(connections.length - 1);
    expect(answer.errors).toHaveLength(1);
    const [error] = answer.errors;
    expect(isCrmeshError(error)).toBe(true);
    expect(error).toMatchObject({
      name: "CrmeshError",
      message: "Provider rate limit exceeded",
      code: "PROVIDER_RATE_LIMITED",
      path: ["connections", expect.any(Number), "contacts"],
      extensions: { provider: "hubspot", origin: "PROVIDER", retryAfter: 10 },
    });
    expect(retryAfter(answer)).toBe(10);
  });

  test("request: throws the first error, and the data is reachable through it", async () => {
    const error = await failureOf(client.request(EVERYTHING, {}, limited));
    if (!isCrmeshError(error)) throw error;
    expect(error.code).toBe("PROVIDER_RATE_LIMITED");
    expect(error.answer!.data).toMatchObject({ connections: expect.any(Array) });
    expect(error.answer!.errors[0]).toBe(error);
    expect(retryAfter(error)).toBe(10);
  });

  test("before the operation begins: no key, a syntax error, and a variable that is missing", async () => {
    const keyless = await failureOf(createClient({ url: server.url }).request("{ connections { id } }"));
    expect(keyless).toMatchObject({ code: "INVALID_API_KEY", path: undefined });
    expect(await failureOf(client.request("{"))).toMatchObject({ code: "GRAPHQL_PARSE_FAILED" });
    const missing = await failureOf(client.request(CONTACTS, {} as { provider: string }));
    expect(missing).toMatchObject({
      code: "MISSING_REQUIRED",
      extensions: { errors: { provider: expect.any(String) } },
    });
  });

  test("a log shows neither the data of the answer nor the link of the end user", async () => {
    const headers = { "x-sandbox-fault": "hubspot=NEEDS_REAUTH" };
    const error = (await failureOf(client.request(EVERYTHING, {}, { headers }))) as CrmeshErrorOf<"NEEDS_REAUTH">;
    expect(error.extensions.reconnectUrl).toContain("/connect?token=ct_");
    const { connections } = error.answer!.data as { connections: { contacts: { nodes: { fullName: string }[] } }[] };
    const { fullName } = connections.find(({ contacts }) => contacts !== null)!.contacts.nodes[0]!;
    for (const shown of [inspect(error, { depth: 20 }), JSON.stringify(error)]) {
      expect(shown).toContain("NEEDS_REAUTH");
      expect(shown).not.toContain("ct_");
      expect(shown).not.toContain(fullName);
    }
  });

  test("errors in the answers of other clients are found, and others are not", async () => {
    const { body } = await server.query(EVERYTHING, limited);
    const [error] = crmeshErrors(body);
    expect(error!.code).toBe("PROVIDER_RATE_LIMITED");
    expect(error!.answer).toBeNull();
    for (const source of [body.errors, { graphQLErrors: body.errors }, { response: { errors: body.errors } }]) {
      expect(crmeshErrors(source)).toEqual([error]);
    }
    expect(crmeshErrors([error])).toEqual([error]);
    for (const source of [null, undefined, "x", new Error("x"), { errors: "x" }, { errors: [null, {}] }]) {
      expect(crmeshErrors(source)).toEqual([]);
    }
  });
});

describe("settings that cannot stand in a header", () => {
  test("an API key is refused at once, and not repeated in the error", () => {
    expect(() => createClient({ url: server.url, apiKey: "sk_live_secret\n" })).toThrow(
      new TypeError("apiKey must be printable ASCII, without spaces at its ends."),
    );
  });

  test.each(["", " ann", "ann ", "Ägidius", "漢", "a\tb"])(
    "the end user %j, in a client and in a request",
    async (id) => {
      expect(() => createClient({ url: server.url, endUserId: id })).toThrow(/^endUserId must be printable ASCII/);
      expect(await failureOf(client.request("{ __typename }", {}, { endUserId: id }))).toBeInstanceOf(TypeError);
    },
  );
});

/** A server that answers as proxies and strangers do. */
describe("what is not an answer of crmesh", () => {
  let other: Server;
  let requests: IncomingMessage[];
  let respond: (request: IncomingMessage, response: ServerResponse) => void;
  let elsewhere: Client;

  beforeAll(async () => {
    other = createServer((request, response) => {
      requests.push(request);
      respond(request, response);
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}/graphql`;
    elsewhere = createClient({ url, apiKey: DEMO_KEY });
    requests = [];
  });
  afterEach(() => {
    requests = [];
  });
  afterAll(async () => {
    other.closeAllConnections();
    await new Promise((resolve) => other.close(resolve));
  });

  const answering = (status: number, body: string, headers: Record<string, string> = {}) => {
    respond = (_request, response) => response.writeHead(status, headers).end(body);
  };
  const READ = "{ __typename }";
  const WRITE = "mutation { deleteContact(id: 1) { id } }";

  test.each([
    [502, "<html>Bad Gateway</html>", true],
    [429, "", true],
    [200, "<html>Log in</html>", false],
    [404, '{"message":"no such path"}', false],
    [200, "null", false],
    [200, '{"data":null}', false],
    [200, '{"errors":[]}', false],
  ])("status %d and %j: a read may be repeated: %s, a write never", async (status, body, repeatable) => {
    answering(status, body);
    const read = await failureOf(elsewhere.request(READ));
    expect(read).toBeInstanceOf(CrmeshTransportError);
    expect(read).toMatchObject({ status, repeatable, outcome: undefined });
    expect(read.message).toBe(`The response, with status ${status}, is not of crmesh.`);
    expect(await failureOf(elsewhere.request(WRITE))).toMatchObject({ status, repeatable: false, outcome: "UNKNOWN" });
  });

  test("the wait of a proxy is told", async () => {
    answering(503, "", { "retry-after": "7" });
    expect(retryAfter(await failureOf(elsewhere.request(READ)))).toBe(7);
    answering(503, "", { "retry-after": "Fri, 31 Dec 1999 23:59:59 GMT" });
    expect(retryAfter(await failureOf(elsewhere.request(READ)))).toBeUndefined();
  });

  test("a redirect is not followed, so that the key stays here", async () => {
    answering(308, "", { location: `${server.url}` });
    expect(await failureOf(elsewhere.request(READ))).toMatchObject({ status: 308, repeatable: false });
    expect(requests).toHaveLength(1);
  });

  test("a response that breaks off", async () => {
    respond = (_request, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write('{"data":', () => response.destroy());
    };
    const error = await failureOf(elsewhere.request(WRITE));
    expect(error).toMatchObject({ status: null, outcome: "UNKNOWN", message: "crmesh could not be reached." });
    expect(error.cause).toMatchObject({ message: expect.any(String) });
  });

  test("nobody listens", async () => {
    const client = createClient({ url: "http://127.0.0.1:1/graphql" });
    expect(await failureOf(client.request(READ))).toMatchObject({ status: null, repeatable: true });
  });

  test("no answer in time, of the headers or of the body", async () => {
    respond = () => undefined;
    const silent = await failureOf(elsewhere.request(READ, {}, { timeoutMs: 20 }));
    expect(silent).toMatchObject({ message: "crmesh did not answer in time.", status: null, repeatable: true });
    respond = (_request, response) => void response.writeHead(200).write("{");
    const slow = await failureOf(elsewhere.request(WRITE, {}, { timeoutMs: 200 }));
    expect(slow).toMatchObject({ message: "crmesh did not answer in time.", outcome: "UNKNOWN", repeatable: false });
  });

  test("an abort ends the request with the reason of the caller", async () => {
    const controller = new AbortController();
    const reason = new Error("the window is closed");
    respond = () => controller.abort(reason);
    expect(await failureOf(elsewhere.request(READ, {}, { signal: controller.signal }))).toBe(reason);
    expect(requests).toHaveLength(1);
    expect(await failureOf(elsewhere.request(READ, {}, { signal: controller.signal }))).toBe(reason);
    expect(requests).toHaveLength(1);
  });

  test("a code of a later version is an error without a code of this one", async () => {
    answering(200, JSON.stringify({ errors: [{ message: "New", extensions: { code: "NEW_CODE", retryable: true } }] }));
    const error = await failureOf(elsewhere.request(READ));
    expect(isCrmeshError(error)).toBe(false);
    expect(error).toMatchObject({ name: "UnknownError", message: "New", extensions: { code: "NEW_CODE" } });
    expect((await elsewhere.execute(READ)).repeatable).toBe(false);
  });

  test("errors without extensions, as GraphQL allows them", async () => {
    answering(200, JSON.stringify({ data: null, errors: [{ message: "Plain" }] }));
    expect(await failureOf(elsewhere.request(READ))).toMatchObject({ name: "UnknownError", message: "Plain" });
  });
});

test("a fetch of the caller's own is used", async () => {
  const seen: string[] = [];
  const own = createClient({
    url: new URL(server.url),
    apiKey: DEMO_KEY,
    fetch: (url, init) => {
      seen.push(String(url));
      return fetch(url, init);
    },
  });
  await own.request("{ __typename }");
  expect(seen).toEqual([server.url]);
});
