import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { SCOPES } from "../../src/connections/access/principal.js";
import type { Store } from "../../src/store/open-store.js";
import { MovedClock } from "../support/moved-clock.js";
import { DEMO_KEY, Ground, type TestServer } from "../support/test-server.js";

const HOUR_MS = 3_600_000;
const CONTACTS = "{ contacts(first: 1) { nodes { id } } }";

let ground: Ground;
let server: TestServer;
/** The look-ups in the embedded store since the test began. */
let lookUps: string[] = [];

class ServerClock extends MovedClock {
  /** Milliseconds by which the date is ahead. */
  ahead = 0;

  override now(): number {
    return super.now() + this.ahead;
  }
}
const clock = new ServerClock();
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve({ store: counting(ground.store), clock });
});
afterAll(() => ground.close());
beforeEach(() => {
  lookUps = [];
});

/** The same store, which notes what it is asked. */
function counting(store: Store): Store {
  const noting = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get: (target, name) => {
        const value = Reflect.get(target, name) as unknown;
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => {
          lookUps.push(String(name));
          return (value as (...args: unknown[]) => unknown).apply(target, args);
        };
      },
    });
  return {
    ...store,
    apiKeys: noting(store.apiKeys),
    endUsers: noting(store.endUsers),
    connections: noting(store.connections),
  };
}

const ask = async (endUserId: string, key: string = DEMO_KEY) => {
  const { body } = await server.query(CONTACTS, { key, endUserId, provider: "hubspot" });
  return body.errors?.[0]?.extensions.code ?? "OK";
};

describe("with the embedded database", () => {
  test("the first query of a tenant takes two look-ups, and later ones take none, however much time passes", async () => {
    const workspace = "first-query";
    const key = await ground.key({ workspace });
    await ground.connect("somebody", "hubspot", { workspace });
    expect(await ask("somebody", key)).toBe("OK");
    expect(lookUps.filter((name) => name !== "touch")).toEqual(["findByHash", "findConnected"]);
    lookUps = [];
    for (let hour = 0; hour < 3; hour += 1) {
      clock.move(HOUR_MS);
      expect(await ask("somebody", key)).toBe("OK");
    }
    expect(lookUps.filter((name) => name !== "touch")).toEqual([]);
  });

  test("queries that come together share the look-ups", async () => {
    const workspace = "together";
    const key = await ground.key({ workspace });
    await ground.connect("somebody", "hubspot", { workspace });
    expect(await Promise.all(Array.from({ length: 10 }, () => ask("somebody", key)))).toEqual(
      Array.from({ length: 10 }, () => "OK"),
    );
    expect(lookUps.filter((name) => name !== "touch")).toEqual(["findByHash", "findConnected"]);
  });

  test("a key that is revoked is refused by the next request", async () => {
    const { id: workspaceId } = await ground.store.workspaces.ensure("demo");
    const made = await ground.store.apiKeys.create({ workspaceId, environment: "test", name: "short", scopes: SCOPES });
    expect(await ask("demo", made.secret)).toBe("OK");
    // As `crmesh keys revoke` does it, in the process of the server.
    await ground.store.apiKeys.revoke(made.record.id);
    expect(await ask("demo", made.secret)).toBe("INVALID_API_KEY");
  });

  test("a rotated key is refused as soon as it has expired", async () => {
    const { id: workspaceId } = await ground.store.workspaces.ensure("demo");
    const made = await ground.store.apiKeys.create({ workspaceId, environment: "test", name: "old", scopes: SCOPES });
    expect(await ask("demo", made.secret)).toBe("OK");
    await ground.store.apiKeys.rotate(made.record.id, HOUR_MS);
    expect(await ask("demo", made.secret)).toBe("OK");
    clock.ahead = HOUR_MS + 1_000;
    expect(await ask("demo", made.secret)).toBe("INVALID_API_KEY");
    clock.ahead = 0;
    expect(lookUps.filter((name) => name === "findByHash")).toHaveLength(2);
  });

  test("a connection that another server of the same database deletes is gone for the next request", async () => {
    const other = await ground.serve();
    const id = await ground.connect("deleted", "hubspot");
    expect(await ask("deleted")).toBe("OK");
    await other.data("mutation ($id: ID!) { deleteConnection(id: $id) { id } }", {
      endUserId: null,
      variables: { id },
    });
    expect(await ask("deleted")).toBe("CONNECTION_NOT_FOUND");
  });

  test("an end user who gets another name has it in the next answer", async () => {
    const { id: workspaceId } = await ground.store.workspaces.ensure("demo");
    await ground.connect("renamed", "hubspot");
    const nameOf = async () => {
      const { endUser } = await server.data<{ endUser: { displayName: string | null } }>(
        'query { endUser(endUserId: "renamed") { displayName } }',
      );
      return endUser.displayName;
    };
    expect(await nameOf()).toBeNull();
    await ground.store.endUsers.upsert({ workspaceId, environment: "test", externalId: "renamed", displayName: "Ada" });
    expect(await nameOf()).toBe("Ada");
  });

  test("the last use of a connection is in its answer, although its row is remembered", async () => {
    await ground.connect("used", "hubspot");
    expect(await ask("used")).toBe("OK");
    const { connections } = await server.data<{ connections: { id: string }[] }>("{ connections { id } }", {
      endUserId: "used",
    });
    const { node } = await server.data<{ node: { lastUsedAt: string | null } }>(
      "query ($id: ID!) { node(id: $id) { ... on Connection { lastUsedAt } } }",
      { variables: { id: connections[0]!.id }, endUserId: "used" },
    );
    expect(node.lastUsedAt).not.toBeNull();
  });
});
