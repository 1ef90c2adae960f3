import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import {
  createClient,
  isCrmeshError,
  paginate,
  retry,
  type Client,
  type RetryOptions,
} from "../../src/client/index.js";
import { FailingProxy, type ProxiedRequest } from "../support/failing-proxy.js";
import { DEMO_KEY, Ground, type TestServer } from "../support/test-server.js";

const READ = '{ contacts(provider: "hubspot", first: 1) { nodes { id } } }';
const createContact = (lastName: string) =>
  `createContact(provider: "hubspot", input: { lastName: "${lastName}" }) { id nativeId }`;

let ground: Ground;
let proxy: FailingProxy;
let server: TestServer;
/** Waits in milliseconds, which take no time here. */
let waits: number[];
let options: RetryOptions;
let attempts: number;

beforeAll(async () => {
  ground = await Ground.open();
  proxy = await FailingProxy.open(ground.sandbox.origins.get("hubspot")!);
  const sandbox = Object.assign(Object.create(ground.sandbox) as Ground["sandbox"], {
    origins: new Map([...ground.sandbox.origins, ["hubspot", proxy.origin]]),
  });
  server = await ground.serve({ sandbox, circuit: { failures: 1_000 } });
});
afterAll(async () => {
  await ground.close();
  await proxy.close();
});
beforeEach(() => {
  proxy.fails = () => false;
  waits = [];
  attempts = 0;
  options = { random: () => 0.5, wait: async (ms) => void waits.push(ms) };
});

/** A client whose first attempts meet a fault. */
function clientWith({ fault, times }: { fault: string; times: number }): Client {
  return createClient({
    url: server.url,
    apiKey: DEMO_KEY,
    endUserId: "demo",
    fetch: (url, init) => {
      attempts += 1;
      const headers = new Headers(init?.headers);
      if (attempts <= times) headers.set("x-sandbox-fault", `hubspot=${fault}`);
      return fetch(url, { ...init, headers });
    },
  });
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "none",
    (error: unknown) => {
      if (isCrmeshError(error)) return error.code;
      throw error;
    },
  );
}

describe("a read", () => {
  test("is repeated after the wait that the CRM states, with a spread", async () => {
    const client = clientWith({ fault: "PROVIDER_RATE_LIMITED", times: 2 });
    expect(await retry(() => client.request(READ), options)).toMatchObject({ contacts: { nodes: [{}] } });
    expect(waits).toEqual([10_500, 10_500]);
    expect(attempts).toBe(3);
  });

  test("is repeated after waits that double where nobody states one", async () => {
    const client = clientWith({ fault: "PROVIDER_ERROR", times: 9 });
    expect(await codeOf(retry(() => client.request(READ), { ...options, maxWaitMs: 1_500 }))).toBe("PROVIDER_ERROR");
    expect(waits).toEqual([375, 750, 1_125]);
    expect(attempts).toBe(4);
  });

  test("is not repeated if the stated wait is longer than the longest one", async () => {
    const client = clientWith({ fault: "PROVIDER_RATE_LIMITED", times: 9 });
    expect(await codeOf(retry(() => client.request(READ), { ...options, maxWaitMs: 9_999 }))).toBe(
      "PROVIDER_RATE_LIMITED",
    );
    expect({ attempts, waits }).toEqual({ attempts: 1, waits: [] });
  });

  test.each(["NEEDS_REAUTH", "PROVIDER_AUTH_FAILED"])("is not repeated after %s", async (fault) => {
    const client = clientWith({ fault, times: 9 });
    expect(await codeOf(retry(() => client.request(READ), options))).toBe(fault);
    expect(attempts).toBe(1);
  });

  test("is not repeated if one of its errors would come again", async () => {
    const client = clientWith({ fault: "PROVIDER_ERROR", times: 9 });
    const document = `{ a: contacts(provider: "hubspot") { nodes { id } } b: contacts(provider: "none") { nodes { id } } }`;
    const { errors } = await retry(() => client.execute(document), options);
    expect(errors.map(({ code }) => code).sort()).toEqual(["PROVIDER_ERROR", "PROVIDER_NOT_FOUND"]);
    expect(attempts).toBe(1);
  });

  test("by execute: the last answer is returned, with its data", async () => {
    const client = clientWith({ fault: "PROVIDER_ERROR", times: 1 });
    const document = `{ a: contacts(provider: "hubspot") { nodes { id } } b: contacts(provider: "odoo") { nodes { id } } }`;
    const answer = await retry(() => client.execute(document), options);
    expect(answer.errors).toEqual([]);
    expect(attempts).toBe(2);
    const given = await retry(() => clientWith({ fault: "PROVIDER_ERROR", times: 9 }).execute(document), options);
    expect(given.data).toMatchObject({ a: null, b: { nodes: expect.any(Array) } });
    expect(given.errors).toHaveLength(1);
  });

  test("of many pages goes on with the page that failed", async () => {
    const client = clientWith({ fault: "PROVIDER_ERROR", times: 1 });
    const document =
      'query ($after: String) { contacts(provider: "hubspot", first: 100, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }';
    interface Data {
      contacts: { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
    }
    const pages = paginate((after) =>
      retry(async () => (await client.request<Data>(document, { after })).contacts, options),
    );
    const ids = new Set<string>();
    for await (const { id } of pages) ids.add(id);
    expect(ids.size).toBeGreaterThan(900);
    expect(attempts).toBe(Math.ceil(ids.size / 100) + 1);
  });
});

describe("a write", () => {
  const isCreate = ({ method, url }: ProxiedRequest) => method === "POST" && /\/objects\/[\d-]+\/contacts$/.test(url);

  const countOf = async (lastName: string): Promise<number> => {
    const document = `{ contacts(provider: "hubspot", filter: { search: "${lastName}" }) { nodes { id } } }`;
    return (await server.data<{ contacts: { nodes: object[] } }>(document)).contacts.nodes.length;
  };

  test("with the outcome UNKNOWN is never sent again", async () => {
    const client = clientWith({ fault: "PROVIDER_UNAVAILABLE", times: 9 });
    const error = await retry(() => client.request(`mutation { ${createContact("Unknown")} }`), options).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ extensions: { outcome: "UNKNOWN", retryable: false } });
    expect({ attempts, waits }).toEqual({ attempts: 1, waits: [] });
  });

  test("that succeeded, but could not be read back, is never sent again", async () => {
    let written = false;
    proxy.fails = (request) => {
      if (written) return true;
      written = isCreate(request);
      return false;
    };
    const client = clientWith({ fault: "", times: 0 });
    // The CRM's answer to the write does not hold them.
    const document =
      'mutation { createContact(provider: "hubspot", input: { lastName: "Unread" }) { id customFields { key } } }';
    const error = await retry(() => client.request(document), options).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ extensions: { outcome: "COMPLETED" } });
    expect(attempts).toBe(1);
    proxy.fails = () => false;
    expect(await countOf("Unread")).toBe(1);
  });

  test("that the CRM refused is sent again, and happens once", async () => {
    const client = clientWith({ fault: "PROVIDER_RATE_LIMITED", times: 1 });
    const document = `mutation { ${createContact("Refused")} }`;
    expect(await retry(() => client.request(document), options)).toMatchObject({ createContact: {} });
    expect(attempts).toBe(2);
    expect(await countOf("Refused")).toBe(1);
  });

  test("of two, one of which succeeded, is never sent again", async () => {
    const client = clientWith({ fault: "PROVIDER_RATE_LIMITED", times: 9 });
    const document = `mutation {
      a: createContact(provider: "odoo", input: { fullName: "Written" }) { id nativeId }
      b: ${createContact("Not written")}
    }`;
    const answer = await retry(() => client.execute(document), options);
    expect(answer.data).toMatchObject({ a: { id: expect.any(String) }, b: null });
    expect(answer.errors[0]).toMatchObject({ code: "PROVIDER_RATE_LIMITED" });
    expect(attempts).toBe(1);
  });

  test("that crmesh failed to foresee is never sent again", async () => {
    const broken = await ground.serve({
      store: {
        ...ground.store,
        endUsers: Object.assign(Object.create(ground.store.endUsers) as typeof ground.store.endUsers, {
          upsert: (endUser: Parameters<typeof ground.store.endUsers.upsert>[0]) =>
            endUser.externalId === "unforeseen"
              ? Promise.reject(new TypeError("unforeseen"))
              : ground.store.endUsers.upsert(endUser),
        }),
      },
    });
    const client = createClient({ url: broken.url, apiKey: DEMO_KEY });
    let calls = 0;
    const task = () => {
      calls += 1;
      return client.request('mutation { upsertEndUser(input: { endUserId: "unforeseen" }) { id } }');
    };
    expect(await codeOf(retry(task, options))).toBe("INTERNAL_ERROR");
    expect(calls).toBe(1);
  });

  test("that did not begin, because the key sent too many requests, is sent again", async () => {
    const strict = await ground.serve({ config: { rateLimit: 1 } });
    const client = createClient({ url: strict.url, apiKey: DEMO_KEY, endUserId: "demo" });
    await client.request("{ __typename }");
    const answer = await client.execute(`mutation { ${createContact("Later")} }`);
    expect(answer).toMatchObject({ repeatable: true, data: null, errors: [{ code: "RATE_LIMITED" }] });
  });
});

describe("an abort", () => {
  test("ends the wait with its reason, and no attempt follows", async () => {
    const client = clientWith({ fault: "PROVIDER_RATE_LIMITED", times: 9 });
    const controller = new AbortController();
    const reason = new Error("enough");
    const waiting = retry(
      async () => {
        const answer = await client.execute(READ);
        // In the turns that follow, `retry` begins to wait by its own timer.
        setImmediate(() => controller.abort(reason));
        return answer;
      },
      { signal: controller.signal },
    );
    await expect(waiting).rejects.toBe(reason);
    expect(attempts).toBe(1);
  });

  test("before the first attempt prevents it", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(retry(async () => (attempts += 1), { signal })).rejects.toThrow("enough");
    expect(attempts).toBe(0);
  });
});

describe("bounds", () => {
  test.each([{ attempts: 0 }, { attempts: 21 }, { attempts: Number.NaN }, { maxWaitMs: -1 }, { maxWaitMs: Infinity }])(
    "%j is refused",
    async (wrong) => {
      await expect(retry(async () => 1, wrong)).rejects.toThrow(RangeError);
    },
  );

  test("errors that are not of crmesh are thrown at once", async () => {
    const own = new Error("own");
    await expect(retry(() => Promise.reject(own), options)).rejects.toBe(own);
    expect(waits).toEqual([]);
  });
});
