import { describe, expect, test } from "@jest/globals";
import type { ConnectionEventRecord, NewConnectionEvent } from "../../src/store/connection-events.js";
import type { ConnectionRecord } from "../../src/store/connections.js";
import type { EndUserRecord } from "../../src/store/end-users.js";
import { StoreRejectedError } from "../../src/store/faults.js";
import { hashApiKey } from "../../src/store/api-key-secret.js";
import type { Store } from "../../src/store/open-store.js";
import { protectedHeader } from "../../src/store/vault.js";

export interface StoreGround {
  store: Store;
  /** Ids of two workspaces. */
  home: string;
  other: string;
  newEndUser: () => Promise<EndUserRecord>;
  newConnection: (endUser: EndUserRecord, provider?: string) => Promise<ConnectionRecord>;
}

const event = (type: NewConnectionEvent["type"]): NewConnectionEvent => ({ type, actor: { kind: "CRMESH" } });
const HOUR_MS = 3_600_000;

/** What every driver has to keep of connections over time: events, refreshes, spent tokens, keys that change. */
export function describeConnect(ground: () => StoreGround): void {
  const connect = async (): Promise<ConnectionRecord> => ground().newConnection(await ground().newEndUser());

  const fresh = ({ workspaceId, environment, id }: ConnectionRecord) =>
    ground().store.connections.get(workspaceId, environment, id);

  const eventsOf = ({ workspaceId, environment, endUserId }: ConnectionRecord): Promise<ConnectionEventRecord[]> =>
    ground().store.events.listByEndUser({ workspaceId, environment, endUserId, limit: 100 });

  const typesOf = async (connection: ConnectionRecord) => (await eventsOf(connection)).map(({ type }) => type);

  describe("events", () => {
    test("every change tells its event, newest first", async () => {
      const { store } = ground();
      const connection = await connect();
      const { id, workspaceId, environment, endUserId, provider } = connection;
      await store.connections.updateCredentials(id, 1, { credentials: "jwe-2" }, event("REFRESHED"));
      await store.connections.setStatus(id, 2, "NEEDS_REAUTH", {
        ...event("NEEDS_REAUTH"),
        errorCode: "NEEDS_REAUTH",
        detail: "It was revoked.",
      });
      await store.events.append(connection, event("REVOKE_FAILED"));
      const actor = { kind: "API_KEY", id: "key_1" } as const;
      await store.connections.disconnect(workspaceId, environment, id, {
        type: "DISCONNECTED",
        actor,
        requestId: "r-9",
      });

      const told = await eventsOf(connection);
      expect(told.map(({ type }) => type)).toEqual([
        "DISCONNECTED",
        "REVOKE_FAILED",
        "NEEDS_REAUTH",
        "REFRESHED",
        "CREATED",
      ]);
      const common = {
        id: expect.stringMatching(/^evt_[0-9a-z]{26}$/),
        connectionId: id,
        workspaceId,
        environment,
        endUserId,
        provider,
        createdAt: expect.any(Date),
      };
      expect(told[0]).toEqual({
        ...common,
        type: "DISCONNECTED",
        actor,
        requestId: "r-9",
        errorCode: null,
        detail: null,
      });
      expect(told[1]).toEqual({
        ...common,
        type: "REVOKE_FAILED",
        actor: { kind: "CRMESH" },
        requestId: null,
        errorCode: null,
        detail: null,
      });
      expect(told[2]).toMatchObject({ errorCode: "NEEDS_REAUTH", detail: "It was revoked." });
      expect(told[4]).toMatchObject({ actor: { kind: "END_USER" }, requestId: "req-1" });
    });

    test("what did not happen is not told", async () => {
      const { store, home } = ground();
      const connection = await connect();
      const { id, endUserId, provider } = connection;
      const again = { ...connection, id: store.connections.newId(), credentials: "jwe" };
      expect(await store.connections.create(again, event("CREATED"))).toEqual({ outcome: "ALREADY_EXISTS" });
      const elsewhere = { ...again, environment: "test" as const, provider: "odoo" };
      expect(await store.connections.create(elsewhere, event("CREATED"))).toEqual({ outcome: "END_USER_NOT_FOUND" });
      const changes = await Promise.all([
        store.connections.updateCredentials(id, 7, { credentials: "jwe" }, event("REFRESHED")),
        store.connections.setStatus(id, 7, "NEEDS_REAUTH", event("NEEDS_REAUTH")),
        store.connections.setStatus(id, 1, "ACTIVE", event("RECONNECTED")),
        store.connections.disconnect(home, "test", id, event("DISCONNECTED")),
      ]);
      expect(changes).toEqual([null, false, false, false]);
      expect(await typesOf(connection)).toEqual(["CREATED"]);
      const inTest = { workspaceId: home, environment: "test", endUserId, limit: 9 } as const;
      expect(await store.events.listByEndUser(inTest)).toEqual([]);
      expect(await store.connections.find(home, "live", endUserId, provider)).toEqual(connection);
    });

    test("of several that change at once, only the winner is told", async () => {
      const { store } = ground();
      const connection = await connect();
      const wins = await Promise.all(
        Array.from({ length: 8 }, (_, at) =>
          store.connections.updateCredentials(connection.id, 1, { credentials: `jwe-${at}` }, event("REFRESHED")),
        ),
      );
      expect(wins.filter(Boolean)).toHaveLength(1);
      expect(await typesOf(connection)).toEqual(["REFRESHED", "CREATED"]);
    });

    test("an event that cannot be stored undoes its change", async () => {
      const { store } = ground();
      const connection = await connect();
      const bad = { ...event("REFRESHED"), detail: "a\0b" };
      const change = store.connections.updateCredentials(connection.id, 1, { credentials: "jwe-2" }, bad);
      await expect(change).rejects.toThrow(StoreRejectedError);
      await expect(store.connections.setStatus(connection.id, 1, "NEEDS_REAUTH", bad)).rejects.toThrow(
        StoreRejectedError,
      );
      expect(await fresh(connection)).toEqual(connection);
      expect(await typesOf(connection)).toEqual(["CREATED"]);
    });

    test("they come in pages, of one connection or all, and of one tenant", async () => {
      const { store, home, other, newEndUser, newConnection } = ground();
      const endUser = await newEndUser();
      const [hubspot, odoo] = [await newConnection(endUser, "hubspot"), await newConnection(endUser, "odoo")];
      for (let count = 0; count < 3; count++) {
        await store.events.append(hubspot, event("REFRESHED"));
        await store.events.append(odoo, event("REFRESH_FAILED"));
      }
      const query = { workspaceId: home, environment: "live", endUserId: endUser.id } as const;
      const all = await store.events.listByEndUser({ ...query, limit: 100 });
      expect(all).toHaveLength(8);
      const first = await store.events.listByEndUser({ ...query, limit: 3 });
      const second = await store.events.listByEndUser({ ...query, limit: 100, before: first[2]!.id });
      expect([...first, ...second]).toEqual(all);
      const odoos = await store.events.listByEndUser({ ...query, connectionId: odoo.id, limit: 100 });
      expect(odoos).toEqual(all.filter(({ connectionId }) => connectionId === odoo.id));

      expect(await store.events.listByEndUser({ ...query, workspaceId: other, limit: 9 })).toEqual([]);
      expect(await store.events.listByEndUser({ ...query, environment: "test", limit: 9 })).toEqual([]);
      expect(await store.events.listByEndUser({ ...query, endUserId: "eu_other", limit: 9 })).toEqual([]);
      expect(await store.events.listByEndUser({ ...query, before: "a\0b", limit: 9 })).toEqual([]);
    });
  });

  describe("what a provider granted", () => {
    test("is kept where a change does not speak of it, and erased where it says null", async () => {
      const { store, home, newEndUser } = ground();
      const { id: endUserId } = await newEndUser();
      const granted = {
        accountName: "Acme",
        scopes: ["a b", 'odd,"{}'],
        tokenExpiresAt: new Date("2026-05-05T10:00:00.123Z"),
      };
      const id = store.connections.newId();
      const place = { id, workspaceId: home, environment: "live", endUserId, provider: "hubspot" } as const;
      const made = await store.connections.create({ ...place, ...granted, credentials: "jwe-1" }, event("CREATED"));
      expect(made).toMatchObject({ outcome: "CREATED", connection: granted });

      const get = () => store.connections.get(home, "live", id);
      await store.connections.updateCredentials(id, 1, { credentials: "jwe-2" }, event("REFRESHED"));
      expect(await get()).toMatchObject({ ...granted, credentials: "jwe-2" });
      const nothing = { accountName: null, scopes: null, tokenExpiresAt: null };
      await store.connections.updateCredentials(id, 2, { credentials: "jwe-3", ...nothing }, event("REFRESHED"));
      expect(await get()).toMatchObject({ ...nothing, credentials: "jwe-3" });
      const change = { credentials: "jwe-4", accountName: "B", scopes: [], tokenExpiresAt: new Date(0) };
      await store.connections.updateCredentials(id, 3, change, event("RECONNECTED"));
      expect(await get()).toMatchObject(change);
    });
  });

  describe("refresh leases", () => {
    test("a second holder is refused until the lease is given back, and the holder may take it again", async () => {
      const { refreshLeases } = ground().store;
      const { id } = await connect();
      expect(await refreshLeases.take(id, "a", HOUR_MS)).toBe(true);
      expect(await refreshLeases.take(id, "b", HOUR_MS)).toBe(false);
      expect(await refreshLeases.take(id, "a", HOUR_MS)).toBe(true);
      await refreshLeases.release(id, "b");
      expect(await refreshLeases.take(id, "b", HOUR_MS)).toBe(false);
      await refreshLeases.release(id, "a");
      expect(await refreshLeases.take(id, "b", HOUR_MS)).toBe(true);
      await refreshLeases.release(id, "a");
      expect(await refreshLeases.take(id, "c", HOUR_MS)).toBe(false);
    });

    test("one that has ended is taken over", async () => {
      const { refreshLeases } = ground().store;
      const { id } = await connect();
      expect(await refreshLeases.take(id, "a", 0)).toBe(true);
      expect(await refreshLeases.take(id, "b", HOUR_MS)).toBe(true);
      expect(await refreshLeases.take(id, "a", HOUR_MS)).toBe(false);
    });

    test.each([
      ["of a new lease", null],
      ["of one that has ended", 0],
    ])("of takers at once, %s, one gets it", async (_what, endedAfterMs) => {
      const { refreshLeases } = ground().store;
      const { id } = await connect();
      if (endedAfterMs !== null) await refreshLeases.take(id, "before", endedAfterMs);
      const holders = Array.from({ length: 20 }, (_, at) => `holder-${at}`);
      const taken = await Promise.all(holders.map((holder) => refreshLeases.take(id, holder, HOUR_MS)));
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await refreshLeases.take(id, holders[taken.indexOf(true)]!, HOUR_MS)).toBe(true);
    });

    test("a connection that does not exist has none", async () => {
      await expect(ground().store.refreshLeases.take("con_unknown", "a", 1)).rejects.toThrow(StoreRejectedError);
    });
  });

  test("a connect token is spent once, even by many at once", async () => {
    const { spentConnectTokens } = ground().store;
    const spend = () => spentConnectTokens.spend("ct_once", new Date(Date.now() + HOUR_MS));
    const spent = await Promise.all(Array.from({ length: 20 }, spend));
    expect(spent.filter(Boolean)).toHaveLength(1);
    expect(await spend()).toBe(false);
    expect(await spentConnectTokens.spend("ct_other", new Date())).toBe(true);
  });

  describe("housekeeping", () => {
    test("forgets tokens that ended long ago, and no others", async () => {
      const { spentConnectTokens, housekeep } = ground().store;
      const [longAgo, ahead] = [new Date("2025-12-01"), new Date("2027-01-01")];
      await spentConnectTokens.spend("ct_old", longAgo);
      await spentConnectTokens.spend("ct_new", ahead);
      await housekeep({ eventsBefore: new Date(0) });
      expect(await spentConnectTokens.spend("ct_new", ahead)).toBe(false);
      expect(await spentConnectTokens.spend("ct_old", longAgo)).toBe(true);
    });

    test("deletes the events before a time, and keeps the rest and the leases in force", async () => {
      const { store } = ground();
      const connection = await connect();
      await store.refreshLeases.take(connection.id, "a", HOUR_MS);
      await store.events.append(connection, event("REFRESHED"));
      await store.events.append(connection, event("REFRESH_FAILED"));
      const [newest, middle] = await eventsOf(connection);
      await store.housekeep({ eventsBefore: middle!.createdAt });
      expect(await eventsOf(connection)).toEqual([newest, middle]);
      await store.housekeep({ eventsBefore: new Date(newest!.createdAt.getTime() + 1) });
      expect(await eventsOf(connection)).toEqual([]);
      expect(await store.refreshLeases.take(connection.id, "b", HOUR_MS)).toBe(false);
    });
  });

  describe("rotation of API keys", () => {
    const create = () =>
      ground().store.apiKeys.create({
        workspaceId: ground().home,
        environment: "live",
        name: "k",
        scopes: ["a", "b"],
      });
    const isGood = async (secret: string) => (await ground().store.apiKeys.findByHash(hashApiKey(secret))) !== null;

    test("the new key is as the old one, which stays good until the overlap ends", async () => {
      const { apiKeys } = ground().store;
      const old = await create();
      const rotated = (await apiKeys.rotate(old.record.id, 24 * HOUR_MS))!;
      expect(rotated.secret).toMatch(/^sk_live_/);
      const { workspaceId, environment, name, scopes } = old.record;
      expect(rotated.record).toMatchObject({
        workspaceId,
        environment,
        name,
        scopes,
        revokedAt: null,
        expiresAt: null,
      });
      expect(rotated.record.id).not.toBe(old.record.id);
      expect(rotated.oldExpiresAt.getTime() - rotated.record.createdAt.getTime()).toBe(24 * HOUR_MS);
      expect(await apiKeys.findByHash(hashApiKey(rotated.secret))).toEqual(rotated.record);
      expect(await apiKeys.findByHash(hashApiKey(old.secret))).toEqual({
        ...old.record,
        expiresAt: rotated.oldExpiresAt,
      });
    });

    test("without an overlap the old key is refused at once, and still listed", async () => {
      const { apiKeys } = ground().store;
      const old = await create();
      const rotated = (await apiKeys.rotate(old.record.id, 0))!;
      expect(await isGood(old.secret)).toBe(false);
      expect(await isGood(rotated.secret)).toBe(true);
      expect((await apiKeys.list()).find(({ id }) => id === old.record.id)?.expiresAt).toEqual(rotated.oldExpiresAt);
    });

    test("a second rotation does not let the old key live longer", async () => {
      const { apiKeys } = ground().store;
      const { record } = await create();
      const first = await apiKeys.rotate(record.id, HOUR_MS);
      const second = await apiKeys.rotate(record.id, 24 * HOUR_MS);
      expect(second?.oldExpiresAt).toEqual(first?.oldExpiresAt);
    });

    test("a key that is unknown, revoked or has ended is not rotated", async () => {
      const { apiKeys } = ground().store;
      const [revoked, ended] = [await create(), await create()];
      await apiKeys.revoke(revoked.record.id);
      await apiKeys.rotate(ended.record.id, 0);
      const before = (await apiKeys.list()).length;
      for (const id of [revoked.record.id, ended.record.id, "key_unknown", "\0"]) {
        expect(await apiKeys.rotate(id, HOUR_MS)).toBeNull();
      }
      expect((await apiKeys.list()).length).toBe(before);
    });
  });

  describe("ciphertexts", () => {
    const [OLD, NEW] = [`${protectedHeader("suite-old")}.`, `${protectedHeader("suite-new")}.`];
    const withHeader = async (header: string) => {
      const connection = await connect();
      const credentials = `${header}.iv.${connection.id}.tag`;
      await ground().store.connections.updateCredentials(connection.id, 1, { credentials }, event("REFRESHED"));
      return { id: connection.id, credentials, credentialsVersion: 2 };
    };

    test("they are told apart by the key that they name", async () => {
      const { ciphertexts, connections } = ground().store;
      const old = [await withHeader(OLD), await withHeader(OLD), await withHeader(OLD)];
      const current = await withHeader(NEW);
      const gone = await withHeader(OLD);
      const made = new Set([...old, current, gone].map(({ id }) => id));
      await connections.disconnect(ground().home, "live", gone.id, event("DISCONNECTED"));

      const samples = (await ciphertexts.sampleByEncryptionKey()).filter(({ id }) => made.has(id));
      expect(samples).toEqual([
        { id: old[0]!.id, credentials: old[0]!.credentials, count: 3 },
        { id: current.id, credentials: current.credentials, count: 1 },
      ]);

      const found = [];
      let after: string | null = null;
      do {
        const page = await ciphertexts.listNotEncryptedWith("suite-new", after, 2);
        found.push(...page);
        after = page.at(-1)?.id ?? null;
      } while (after !== null);
      expect(found.filter(({ credentials }) => credentials.startsWith(OLD))).toEqual(old);
      expect(found.map(({ id }) => id)).not.toContain(current.id);
    });

    test("a replacement changes the ciphertext alone, and only the one that was read", async () => {
      const { store } = ground();
      const connection = await connect();
      expect(await store.ciphertexts.replace(connection.id, 1, "jwe-1", "jwe-1-anew")).toBe(true);
      expect(await fresh(connection)).toEqual({ ...connection, credentials: "jwe-1-anew" });
      expect(await store.ciphertexts.replace(connection.id, 1, "jwe-1", "late")).toBe(false);
      expect(await store.ciphertexts.replace(connection.id, 2, "jwe-1-anew", "late")).toBe(false);
      expect(await typesOf(connection)).toEqual(["CREATED"]);
    });

    test("a refresh at the same time stands", async () => {
      const { store } = ground();
      const connection = await connect();
      const [, refreshed] = await Promise.all([
        store.ciphertexts.replace(connection.id, 1, "jwe-1", "jwe-1-anew"),
        store.connections.updateCredentials(connection.id, 1, { credentials: "jwe-2" }, event("REFRESHED")),
        store.ciphertexts.replace(connection.id, 1, "jwe-1", "jwe-1-other"),
      ]);
      expect(refreshed).toMatchObject({ credentials: "jwe-2", credentialsVersion: 2 });
      expect(await fresh(connection)).toMatchObject({ credentials: "jwe-2", credentialsVersion: 2 });
    });
  });
}
