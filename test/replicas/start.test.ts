import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { providers } from "../../src/providers/index.js";
import { createDatabase } from "../postgres/database.js";
import { DEMO_KEY } from "../support/test-server.js";
import { eventually } from "../support/eventually.js";
import { expiredToken, ReplicaGround, TOKEN_PATH } from "./support/ground.js";
import type { Replica } from "./support/replica.js";

let ground: ReplicaGround;
beforeAll(async () => {
  ground = await ReplicaGround.open();
});
afterAll(() => ground.close());

const CONTACTS = "{ contacts(first: 1) { nodes { id } } }";
interface Contacts {
  contacts: { nodes: unknown[] } | null;
}

describe("several at the same instant on an empty database", () => {
  test.each([
    ["in production", {}],
    // They all make the same demo.
    ["with the demo", { NODE_ENV: "development", CRMESH_SANDBOX: "on" }],
  ])("all become ready: %s", async (_name, environment) => {
    const database = await createDatabase();
    try {
      const replicas = await ground.serve(2, { ...environment, DATABASE_URL: database.url });
      for (const { origin } of replicas) expect((await fetch(`${origin}/readyz`)).status).toBe(200);
      if ("CRMESH_SANDBOX" in environment) {
        for (const replica of replicas) {
          const { connections } = await replica.data<{ connections: { id: string }[] }>("{ connections { id } }", {
            key: DEMO_KEY,
            endUserId: "demo",
          });
          expect(connections).toHaveLength(providers.all.length);
        }
      }
      for (const { process } of replicas) expect(await process.stop()).toEqual({ code: 0, signal: null });
    } finally {
      await database.drop();
    }
  });
});

describe("a start is refused in a sentence", () => {
  const otherKey = randomBytes(32).toString("base64");

  test.each([
    [
      "with a wrong key under the same name",
      { CRMESH_ENCRYPTION_KEY: `replicas:${otherKey}` },
      1,
      /^crmesh: The key given as "replicas" is not the one that the stored credentials of con_\w+ were encrypted with\. .+\n$/,
    ],
    [
      "with a key of another name",
      { CRMESH_ENCRYPTION_KEY: `other:${otherKey}` },
      1,
      /^crmesh: The store holds credentials encrypted with the key "replicas" .+ not among the keys given: "other"\. .+\n$/,
    ],
    [
      "without a key",
      { CRMESH_ENCRYPTION_KEY: "" },
      2,
      /^crmesh: CRMESH_ENCRYPTION_KEY must be set with DATABASE_URL, .+\n$/,
    ],
  ])("%s", async (name, environment, code, sentence) => {
    await ground.connect(name, "odoo", ground.sandbox.credentials("odoo", "demo"));
    const refused = ground.launch(["serve"], environment);
    expect(await refused.exited).toEqual({ code, signal: null });
    expect(refused.errors).toMatch(sentence);
    expect(refused.output).not.toContain(otherKey);
  });

  test("on the schema of a newer crmesh, which stays as it is", async () => {
    const database = await createDatabase();
    const applied = async () => (await database.query("select name from kysely_migration")).map(({ name }) => name);
    try {
      const [replica] = (await ground.serve(1, { DATABASE_URL: database.url })) as [Replica];
      await replica.process.stop();
      await database.query("insert into kysely_migration values ('9999-future', '2099-01-01T00:00:00.000Z')");
      const before = await applied();
      const refused = ground.launch(["serve"], { DATABASE_URL: database.url });
      expect(await refused.exited).toEqual({ code: 1, signal: null });
      expect(refused.errors).toMatch(
        /^crmesh: The database was written by a newer crmesh: its migration "9999-future" is unknown to this one\. .+\n$/,
      );
      expect(await applied()).toEqual(before);
    } finally {
      await database.drop();
    }
  });
});

describe("a stop", () => {
  const connectExpired = async (endUser: string) => {
    const given = ground.sandbox.credentials("hubspot", "demo");
    const expired = { accessToken: expiredToken(given["accessToken"]!), expiresAt: new Date(0).toISOString() };
    return ground.connect(endUser, "hubspot", { ...given, ...expired });
  };
  /** It no longer takes connections, and so has heard the signal. */
  const isStopping = ({ origin }: Replica) =>
    eventually(() =>
      fetch(`${origin}/healthz`).then(
        () => undefined,
        () => true,
      ),
    );

  test("lets running queries finish, and the refresh that they wait for", async () => {
    const [replica] = (await ground.serve(1)) as [Replica];
    const id = await connectExpired("stopped");
    const held = ground.gates.hubspot.hold(TOKEN_PATH.hubspot, "AFTER");
    const options = { key: ground.key, endUserId: "stopped", provider: "hubspot" };
    const running = Promise.all(Array.from({ length: 5 }, () => replica.query<Contacts>(CONTACTS, options)));
    await held.reached;
    replica.process.terminate();
    await isStopping(replica);
    held.release();
    for (const { data, errors } of await running) {
      expect(errors).toEqual([]);
      expect(data!.contacts!.nodes).toHaveLength(1);
    }
    expect(await replica.process.exited).toEqual({ code: 0, signal: null });
    expect(await ground.stored(id)).toMatchObject({ status: "ACTIVE", credentialsVersion: 2 });
  });

  test("saves a refreshed credential that nobody waits for any more", async () => {
    const [replica] = (await ground.serve(1)) as [Replica];
    const id = await connectExpired("left");
    const held = ground.gates.hubspot.hold(TOKEN_PATH.hubspot, "AFTER");
    const gone = new AbortController();
    const asking = fetch(`${replica.origin}/graphql?provider=hubspot`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${ground.key}`, "x-end-user-id": "left" },
      body: JSON.stringify({ query: CONTACTS }),
      signal: gone.signal,
    }).catch(() => "GONE");
    await held.reached;
    gone.abort();
    expect(await asking).toBe("GONE");
    // Whatever the server hears after this, it hears after the end of that connection.
    await fetch(`${replica.origin}/healthz`);
    replica.process.terminate();
    await isStopping(replica);
    held.release();
    expect(await replica.process.exited).toEqual({ code: 0, signal: null });
    expect(await ground.stored(id)).toMatchObject({ status: "ACTIVE", credentialsVersion: 2 });
  });
});

test("no process has written a secret", () => {
  expect(ground.processes.output).toContain('"msg":"Request"');
  expect(ground.leaks).toEqual([]);
});
