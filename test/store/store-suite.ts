import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ApiKeyExistsError } from "../../src/store/api-keys.js";
import { hashApiKey } from "../../src/store/api-key-secret.js";
import type { NewConnectionEvent } from "../../src/store/connection-events.js";
import type { ConnectionRecord } from "../../src/store/connections.js";
import type { EndUserRecord } from "../../src/store/end-users.js";
import { StoreRejectedError } from "../../src/store/faults.js";
import type { Store } from "../../src/store/open-store.js";
import { WorkspaceExistsError } from "../../src/store/workspaces.js";
import type { Environment } from "../../src/store/schema.js";
import { eventually } from "../support/eventually.js";
import { describeConnect } from "./connect-suite.js";

const CREATED: NewConnectionEvent = { type: "CREATED", actor: { kind: "END_USER" }, requestId: "req-1" };
const REFRESHED: NewConnectionEvent = { type: "REFRESHED", actor: { kind: "CRMESH" } };
const NEEDS_REAUTH: NewConnectionEvent = { type: "NEEDS_REAUTH", actor: { kind: "CRMESH" }, errorCode: "NEEDS_REAUTH" };
const DISCONNECTED: NewConnectionEvent = { type: "DISCONNECTED", actor: { kind: "API_KEY", id: "key_1" } };

/** Two milliseconds of the injected clock never are the same, so that orders by time can be told. */
export function tickingClock(start = Date.UTC(2026, 0, 1)): () => number {
  let time = start;
  return () => (time += 1000);
}

/** What every driver of the store has to keep. */
export function describeStore(driver: string, open: (now: () => number) => Promise<Store>): void {
  describe(`the store on ${driver}`, () => {
    let store: Store;
    let home: string;
    let other: string;
    let count = 0;

    beforeAll(async () => {
      store = await open(tickingClock());
      home = (await store.workspaces.ensure("home")).id;
      other = (await store.workspaces.ensure("other")).id;
    });
    afterAll(() => store.close());

    const newEndUser = (workspaceId = home, environment: Environment = "live"): Promise<EndUserRecord> =>
      store.endUsers.upsert({ workspaceId, environment, externalId: `customer-${++count}` });

    async function newConnection(endUser: EndUserRecord, provider = "hubspot"): Promise<ConnectionRecord> {
      const { id: endUserId, workspaceId, environment } = endUser;
      const id = store.connections.newId();
      const made = { id, workspaceId, environment, endUserId, provider, credentials: "jwe-1" };
      const result = await store.connections.create(made, CREATED);
      if (result.outcome !== "CREATED") throw new Error(result.outcome);
      return result.connection;
    }

    const fresh = ({ workspaceId, environment, id }: ConnectionRecord): Promise<ConnectionRecord | null> =>
      store.connections.get(workspaceId, environment, id);

    describe("changes", () => {
      const announced: string[] = [];
      let unsubscribe: () => void;
      beforeAll(async () => {
        unsubscribe = store.changes.subscribe(({ table, id }) => announced.push(`${table} ${id}`));
        // PostgreSQL announces from the moment on in which this process listens.
        const endUser = await newEndUser();
        await eventually(async () => {
          await store.endUsers.upsert({ ...endUser, email: `${count++}@example.com` });
          return announced.includes(`end_user ${endUser.id}`) || undefined;
        });
      });
      afterAll(() => unsubscribe());

      /** Waits for the announcement. Until then, `change` must have announced nothing else of these rows. */
      async function announcing(id: string, change: () => Promise<unknown>): Promise<void> {
        const before = announced.filter((text) => text.endsWith(id)).length;
        await change();
        await eventually(() => announced.filter((text) => text.endsWith(id)).length > before || undefined);
        expect(announced.filter((text) => text.endsWith(id))).toHaveLength(before + 1);
      }

      test("of a key are announced, but not its creation and its last use", async () => {
        const created = await store.apiKeys.create({ workspaceId: home, environment: "live", name: "k", scopes: [] });
        const { id } = created.record;
        await store.apiKeys.touch(new Map([[id, new Date()]]));
        await announcing(id, () => store.apiKeys.rotate(id, 1_000));
        await announcing(id, () => store.apiKeys.revoke(id));
        expect(announced).toContain(`api_key ${id}`);
      });

      test("of an end user are announced, but not its creation and an upsert that changes nothing", async () => {
        const endUser = await newEndUser();
        const { workspaceId, environment, externalId, id } = endUser;
        await store.endUsers.upsert({ workspaceId, environment, externalId });
        await announcing(id, () => store.endUsers.upsert({ workspaceId, environment, externalId, displayName: "Ada" }));
        expect(announced).toContain(`end_user ${id}`);
      });

      test("of a connection are announced, but not its creation and its last use", async () => {
        const connection = await newConnection(await newEndUser());
        const { id, workspaceId, environment } = connection;
        await store.connections.touch(new Map([[id, new Date()]]));
        await announcing(id, () => store.connections.setStatus(id, 1, "NEEDS_REAUTH", NEEDS_REAUTH));
        await announcing(id, () => store.connections.updateCredentials(id, 1, { credentials: "jwe-2" }, REFRESHED));
        await announcing(id, () => store.connections.disconnect(workspaceId, environment, id, DISCONNECTED));
        expect(announced).toContain(`connection ${id}`);
      });
    });

    describe("an end user with its connection", () => {
      const find = ({ workspaceId, environment, externalId }: EndUserRecord, provider = "hubspot") =>
        store.endUsers.findConnected(workspaceId, environment, externalId, provider);

      test("is read in one look-up, and equals what two would find", async () => {
        const endUser = await newEndUser();
        const connection = await newConnection(endUser);
        await newConnection(endUser, "odoo");
        expect(await find(endUser)).toEqual({ endUser, connection });
      });

      test("is found without a connection, or with a disconnected one", async () => {
        const endUser = await newEndUser();
        expect(await find(endUser)).toEqual({ endUser, connection: null });
        const { id, workspaceId, environment } = await newConnection(endUser);
        await store.connections.disconnect(workspaceId, environment, id, DISCONNECTED);
        expect(await find(endUser)).toEqual({ endUser, connection: null });
      });

      test("is not found in another workspace or environment, or by a name that cannot be stored", async () => {
        const endUser = await newEndUser();
        await newConnection(endUser);
        expect(await find({ ...endUser, workspaceId: other })).toBeNull();
        expect(await find({ ...endUser, environment: "test" })).toBeNull();
        expect(await find({ ...endUser, externalId: "a\0b" })).toBeNull();
      });
    });

    test("saves the last uses of many rows at once, each at its time", async () => {
      const connections = [await newConnection(await newEndUser()), await newConnection(await newEndUser())];
      const times = [new Date("2026-02-01T10:00:00.123Z"), new Date("2026-02-02T11:00:00.456Z")];
      await store.connections.touch(new Map(connections.map(({ id }, index) => [id, times[index]!])));
      await store.connections.touch(new Map());
      const saved = await Promise.all(connections.map(fresh));
      expect(saved.map((row) => row?.lastUsedAt)).toEqual(times);
    });

    test("answers a ping", async () => {
      await expect(store.ping()).resolves.toBeUndefined();
    });

    describe("workspaces", () => {
      test("take another name and stay the same, unless another has it", async () => {
        const { id } = await store.workspaces.ensure("before");
        expect(await store.workspaces.rename("before", "after")).toBe(true);
        expect(await store.workspaces.get(id)).toMatchObject({ id, name: "after" });
        expect(await store.workspaces.rename("before", "elsewhere")).toBe(false);
        await expect(store.workspaces.rename("after", "home")).rejects.toThrow(WorkspaceExistsError);
        expect((await store.workspaces.list()).map(({ name }) => name)).toEqual(
          expect.arrayContaining(["home", "other", "after"]),
        );
      });

      test("ensuring twice, at once or later, gives one workspace", async () => {
        const both = await Promise.all([store.workspaces.ensure("twin"), store.workspaces.ensure("twin")]);
        const later = await store.workspaces.ensure("twin");
        expect(new Set([...both, later].map(({ id }) => id)).size).toBe(1);
        expect(later).toEqual({
          id: expect.stringMatching(/^ws_[0-9a-z]{26}$/),
          name: "twin",
          createdAt: expect.any(Date),
        });
        expect(await store.workspaces.get(later.id)).toEqual(later);
      });

      test("an unknown id is null", async () => {
        expect(await store.workspaces.get("ws_unknown")).toBeNull();
      });
    });

    describe("API keys", () => {
      const create = (name: string, secret?: string) =>
        store.apiKeys.create({
          workspaceId: home,
          environment: "test",
          name,
          scopes: ["contacts:read", 'odd,"{}'],
          secret,
        });

      test("a key is found by the hash of its secret, and the record tells nothing of the secret", async () => {
        const { record, secret } = await create("backend");
        expect(await store.apiKeys.findByHash(hashApiKey(secret))).toEqual(record);
        expect(record).toEqual({
          id: expect.stringMatching(/^key_[0-9a-z]{26}$/),
          workspaceId: home,
          environment: "test",
          name: "backend",
          prefix: `${secret.slice(0, 12)}…`,
          scopes: ["contacts:read", 'odd,"{}'],
          createdAt: expect.any(Date),
          lastUsedAt: null,
          revokedAt: null,
          expiresAt: null,
          maxCalls: null,
        });
        expect(await store.apiKeys.findByHash(hashApiKey(`${secret}x`))).toBeNull();
      });

      test("a given secret is taken once, even at the same time", async () => {
        const results = await Promise.allSettled([create("a", "sk_test_demo"), create("b", "sk_test_demo")]);
        expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
        await expect(create("c", "sk_test_demo")).rejects.toThrow(ApiKeyExistsError);
      });

      test.each(["sk_live_elsewhere", "demo", "sk_test_abc"])("the secret %s is no test key", async (secret) => {
        const refusal = await create("bad", secret).catch((error: unknown) => error);
        expect(refusal).toBeInstanceOf(RangeError);
        expect(String(refusal)).not.toContain(secret);
      });

      test("a revoked key is found no more, stays listed, and can be revoked again", async () => {
        const { record, secret } = await create("leaked");
        expect(await store.apiKeys.revoke(record.id)).toBe(true);
        expect(await store.apiKeys.findByHash(hashApiKey(secret))).toBeNull();

        const revokedAt = async () => (await store.apiKeys.list(home)).find(({ id }) => id === record.id)?.revokedAt;
        const first = await revokedAt();
        expect(first).toBeInstanceOf(Date);
        expect(await store.apiKeys.revoke(record.id)).toBe(true);
        expect(await revokedAt()).toEqual(first);
        expect(await store.apiKeys.revoke("key_unknown")).toBe(false);
      });

      test("listing tells workspaces apart, oldest first", async () => {
        const mine = await store.apiKeys.create({ workspaceId: other, environment: "live", name: "x", scopes: [] });
        const next = await store.apiKeys.create({ workspaceId: other, environment: "live", name: "y", scopes: [] });
        expect(await store.apiKeys.list(other)).toEqual([mine.record, next.record]);
        expect((await store.apiKeys.list()).length).toBeGreaterThan(2);
      });

      test("the time of last use only moves forward", async () => {
        const { record, secret } = await create("used");
        const [early, late] = [new Date("2026-02-01T00:00:00Z"), new Date("2026-02-02T00:00:00.123Z")];
        await store.apiKeys.touch(new Map([[record.id, late]]));
        await store.apiKeys.touch(new Map([[record.id, early]]));
        expect((await store.apiKeys.findByHash(hashApiKey(secret)))?.lastUsedAt).toEqual(late);
      });
    });

    describe("end users", () => {
      test("an upsert creates once, keeps what is absent and clears what is null", async () => {
        const name = { workspaceId: home, environment: "live", externalId: "ann" } as const;
        const created = await store.endUsers.upsert({ ...name, displayName: "Ann", email: "ann@example.com" });
        expect(created).toEqual({
          id: expect.stringMatching(/^eu_[0-9a-z]{26}$/),
          ...name,
          displayName: "Ann",
          email: "ann@example.com",
          createdAt: expect.any(Date),
          updatedAt: created.createdAt,
        });
        expect(await store.endUsers.upsert(name)).toEqual(created);

        const cleared = await store.endUsers.upsert({ ...name, email: null });
        expect(cleared).toEqual({ ...created, email: null, updatedAt: expect.any(Date) });
        expect(cleared.updatedAt.getTime()).toBeGreaterThan(created.updatedAt.getTime());
        expect(await store.endUsers.find(home, "live", "ann")).toEqual(cleared);
      });

      test("two upserts at once make one end user", async () => {
        const upsert = () => store.endUsers.upsert({ workspaceId: home, environment: "live", externalId: "race" });
        const [a, b] = await Promise.all([upsert(), upsert()]);
        expect(a.id).toBe(b.id);
      });

      test("the same external id is another end user in another environment or workspace", async () => {
        const ids = await Promise.all(
          (
            [
              [home, "live"],
              [home, "test"],
              [other, "live"],
            ] as const
          ).map(async ([workspaceId, environment]) => {
            return (await store.endUsers.upsert({ workspaceId, environment, externalId: "same" })).id;
          }),
        );
        expect(new Set(ids).size).toBe(3);
      });

      test("a text that no database can hold is refused when stored, and unknown when looked up", async () => {
        const upsert = (externalId: string) =>
          store.endUsers.upsert({ workspaceId: home, environment: "live", externalId });
        await expect(upsert("a\0b")).rejects.toThrow(StoreRejectedError);
        await expect(upsert(randomText(20_000))).rejects.toThrow(StoreRejectedError);
        expect(await store.endUsers.find(home, "live", "a\0b")).toBeNull();
        expect(await store.endUsers.get(home, "live", "\0")).toBeNull();
        expect(await store.connections.listByEndUser(home, "live", "\0")).toEqual([]);
        await expect(store.ping()).resolves.toBeUndefined();
      });
    });

    describe("connections", () => {
      test("a new connection is ACTIVE and is found by id, by provider and in the list", async () => {
        const endUser = await newEndUser();
        const hubspot = await newConnection(endUser, "hubspot");
        const pipedrive = await newConnection(endUser, "pipedrive");
        expect(hubspot).toEqual({
          id: expect.stringMatching(/^con_[0-9a-z]{26}$/),
          workspaceId: home,
          environment: "live",
          endUserId: endUser.id,
          provider: "hubspot",
          status: "ACTIVE",
          credentials: "jwe-1",
          credentialsVersion: 1,
          accountGeneration: 1,
          accountName: null,
          scopes: null,
          tokenExpiresAt: null,
          redirectUrl: null,
          createdAt: expect.any(Date),
          updatedAt: hubspot.createdAt,
          lastUsedAt: null,
        });
        expect(await fresh(hubspot)).toEqual(hubspot);
        expect(await store.connections.find(home, "live", endUser.id, "pipedrive")).toEqual(pipedrive);
        expect(await store.connections.listByEndUser(home, "live", endUser.id)).toEqual([hubspot, pipedrive]);
      });

      test("of two connections at once to one provider, one wins", async () => {
        const { id: endUserId } = await newEndUser();
        const create = () => {
          const id = store.connections.newId();
          const made = {
            workspaceId: home,
            environment: "live",
            endUserId,
            provider: "zoho",
            credentials: id,
          } as const;
          return store.connections.create({ id, ...made }, CREATED);
        };
        const outcomes = (await Promise.all([create(), create(), create()])).map(({ outcome }) => outcome);
        expect(outcomes.sort()).toEqual(["ALREADY_EXISTS", "ALREADY_EXISTS", "CREATED"]);
      });

      test("a connection that needs re-authentication still stands in the way of a second one", async () => {
        const endUser = await newEndUser();
        const connection = await newConnection(endUser);
        await store.connections.setStatus(connection.id, 1, "NEEDS_REAUTH", NEEDS_REAUTH);
        await expect(newConnection(endUser)).rejects.toThrow("ALREADY_EXISTS");
      });

      test.each([
        ["another workspace", "other", "live"],
        ["another environment", "home", "test"],
      ] as const)("an end user of %s cannot be connected", async (_where, workspace, environment) => {
        const { id: endUserId } = await newEndUser(home, "live");
        const made = { id: store.connections.newId(), environment, endUserId, provider: "hubspot", credentials: "jwe" };
        const workspaceId = workspace === "home" ? home : other;
        const result = await store.connections.create({ ...made, workspaceId }, CREATED);
        expect(result).toEqual({ outcome: "END_USER_NOT_FOUND" });
      });

      test("of two refreshes that started from one version, one wins", async () => {
        const connection = await newConnection(await newEndUser());
        await store.connections.setStatus(connection.id, 1, "NEEDS_REAUTH", NEEDS_REAUTH);
        const wins = await Promise.all([
          store.connections.updateCredentials(connection.id, 1, { credentials: "jwe-a" }, REFRESHED),
          store.connections.updateCredentials(connection.id, 1, { credentials: "jwe-b" }, REFRESHED),
        ]);
        const now = await fresh(connection);
        expect(wins.filter((row) => row !== null)).toEqual([now]);
        expect(now).toMatchObject({
          status: "ACTIVE",
          credentials: expect.stringMatching(/^jwe-[ab]$/),
          credentialsVersion: 2,
        });
      });

      test("a reconnect changes the account's generation, a refresh does not", async () => {
        const connection = await newConnection(await newEndUser());
        const update = async (version: number, event: NewConnectionEvent) =>
          (await store.connections.updateCredentials(connection.id, version, { credentials: "jwe-2" }, event))
            ?.accountGeneration;
        const RECONNECTED = { type: "RECONNECTED", actor: { kind: "END_USER" } } as const;
        expect(await update(1, REFRESHED)).toBe(1);
        expect(await update(2, RECONNECTED)).toBe(2);
        expect(await update(3, REFRESHED)).toBe(2);
        expect(await update(3, RECONNECTED)).toBeUndefined();
        expect(await fresh(connection)).toMatchObject({ accountGeneration: 2, credentialsVersion: 4 });
      });

      test("a change without a redirect URL keeps the stored one", async () => {
        const connection = await newConnection(await newEndUser());
        expect(connection.redirectUrl).toBeNull();
        const update = async (version: number, redirectUrl?: string) =>
          (
            await store.connections.updateCredentials(
              connection.id,
              version,
              { credentials: "jwe", redirectUrl },
              REFRESHED,
            )
          )?.redirectUrl;
        expect(await update(1, "https://app.example/")).toBe("https://app.example/");
        expect(await update(2)).toBe("https://app.example/");
        expect(await fresh(connection)).toMatchObject({ redirectUrl: "https://app.example/" });
      });

      test("a status learnt from old credentials does not overwrite newer ones", async () => {
        const connection = await newConnection(await newEndUser());
        await store.connections.updateCredentials(connection.id, 1, { credentials: "jwe-2" }, REFRESHED);
        expect(await store.connections.setStatus(connection.id, 1, "NEEDS_REAUTH", NEEDS_REAUTH)).toBe(false);
        expect(await store.connections.setStatus(connection.id, 2, "NEEDS_REAUTH", NEEDS_REAUTH)).toBe(true);
        expect(await fresh(connection)).toMatchObject({ status: "NEEDS_REAUTH", credentialsVersion: 2 });
        expect(await store.connections.setStatus("con_unknown", 1, "ACTIVE", NEEDS_REAUTH)).toBe(false);
      });

      test("disconnecting erases the credentials, for good, and makes room for a new connection", async () => {
        const endUser = await newEndUser();
        const old = await newConnection(endUser);
        expect(await store.connections.disconnect(home, "live", old.id, DISCONNECTED)).toBe(true);
        expect(await fresh(old)).toMatchObject({ status: "DISCONNECTED", credentials: null });
        expect(await store.connections.find(home, "live", endUser.id, "hubspot")).toBeNull();
        expect(await store.connections.listByEndUser(home, "live", endUser.id)).toEqual([]);

        expect(await store.connections.disconnect(home, "live", old.id, DISCONNECTED)).toBe(false);
        expect(await store.connections.updateCredentials(old.id, 1, { credentials: "late" }, REFRESHED)).toBeNull();
        expect(await store.connections.updateCredentials(old.id, 2, { credentials: "later" }, REFRESHED)).toBeNull();
        expect(await store.connections.setStatus(old.id, 2, "ACTIVE", NEEDS_REAUTH)).toBe(false);

        const renewed = await newConnection(endUser);
        expect(renewed.id).not.toBe(old.id);
        expect(await store.connections.find(home, "live", endUser.id, "hubspot")).toEqual(renewed);
      });

      test("the time of last use only moves forward", async () => {
        const connection = await newConnection(await newEndUser());
        const [early, late] = [new Date("2026-02-01T00:00:00Z"), new Date("2026-02-02T00:00:00Z")];
        await store.connections.touch(new Map([[connection.id, late]]));
        await store.connections.touch(new Map([[connection.id, early]]));
        expect((await fresh(connection))?.lastUsedAt).toEqual(late);
      });
    });

    describeConnect(() => ({ store, home, other, newEndUser, newConnection }));

    describe("isolation", () => {
      type Scope = [workspaceId: string, environment: Environment];
      interface Ids {
        endUser: EndUserRecord;
        connection: ConnectionRecord;
      }
      const calls: [name: string, call: (ids: Ids, ...scope: Scope) => Promise<unknown>, miss: unknown][] = [
        ["endUsers.get", ({ endUser }, ...scope) => store.endUsers.get(...scope, endUser.id), null],
        ["endUsers.find", ({ endUser }, ...scope) => store.endUsers.find(...scope, endUser.externalId), null],
        ["connections.get", ({ connection }, ...scope) => store.connections.get(...scope, connection.id), null],
        ["connections.find", ({ endUser }, ...scope) => store.connections.find(...scope, endUser.id, "hubspot"), null],
        [
          "connections.listByEndUser",
          ({ endUser }, ...scope) => store.connections.listByEndUser(...scope, endUser.id),
          [],
        ],
        [
          "connections.disconnect",
          ({ connection }, ...scope) => store.connections.disconnect(...scope, connection.id, DISCONNECTED),
          false,
        ],
      ];

      test.each(calls)("%s sees its own workspace and environment only", async (_name, call, miss) => {
        const endUser = await newEndUser();
        const ids = { endUser, connection: await newConnection(endUser) };
        expect(await call(ids, other, "live")).toEqual(miss);
        expect(await call(ids, home, "test")).toEqual(miss);
        expect(await call(ids, other, "test")).toEqual(miss);
        expect(await fresh(ids.connection)).toEqual(ids.connection);
        expect(await call(ids, home, "live")).not.toEqual(miss);
      });
    });
  });
}

/** Text that does not compress, which PostgreSQL would otherwise do before it looks at the length. */
function randomText(length: number): string {
  let state = 1;
  return Array.from({ length }, () => {
    state = (state * 48271) % 2147483647;
    return String.fromCharCode(33 + (state % 90));
  }).join("");
}
