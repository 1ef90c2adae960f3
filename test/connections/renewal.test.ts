import { systemClock } from "../../src/upstream/clock.js";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Operation } from "../../src/connections/calls/operation.js";
import { Origins } from "../../src/connections/calls/origins.js";
import { UpstreamAccess } from "../../src/connections/calls/upstream-access.js";
import { CredentialStore } from "../../src/connections/credentials/credential-store.js";
import { InFlight } from "../../src/connections/credentials/in-flight.js";
import { Renewal } from "../../src/connections/credentials/renewal.js";
import { RenewalSaver } from "../../src/connections/credentials/renewal-saver.js";
import { CrmError } from "../../src/errors/crm-error.js";
import type { Credentials, Provider } from "../../src/providers/contract/contract.js";
import { providers } from "../../src/providers/index.js";
import { ProviderRegistry } from "../../src/providers/registry.js";
import type { ConnectionRecord, Connections } from "../../src/store/connections.js";
import { newKeyRing } from "../../src/store/encryption-keys.js";
import { StoreUnavailableError } from "../../src/store/faults.js";
import type { Store } from "../../src/store/open-store.js";
import { Vault } from "../../src/store/vault.js";
import { UpstreamClient } from "../../src/upstream/upstream-client.js";
import { openNewStore } from "../support/data-folder.js";
import { eventually } from "../support/eventually.js";
import { LeapingClock } from "../upstream/harness.js";
import { setImmediate as turn } from "node:timers/promises";

const CREATED = { type: "CREATED", actor: { kind: "CRMESH" } } as const;
const MINUTE_MS = 60_000;

/** A provider that rotates refresh tokens, and revokes everything if one is used a second time. */
class RotatingProvider {
  calls = 0;
  revoked = false;
  /** Thrown by the next calls, first one first. */
  readonly failures: Error[] = [];
  #generation = 1;

  readonly renew = async ({ refreshToken }: Credentials): Promise<Credentials> => {
    this.calls += 1;
    const failure = this.failures.shift();
    if (failure) throw failure;
    if (this.revoked || refreshToken !== `r${this.#generation}`) {
      this.revoked = true;
      throw new CrmError("NEEDS_REAUTH", { upstream: { status: 400, code: "invalid_grant" } });
    }
    this.#generation += 1;
    return credentials(this.#generation, 30 * MINUTE_MS);
  };
}

function credentials(generation: number, livesMs: number): Record<string, string> {
  const expiresAt = new Date(Date.now() + livesMs).toISOString();
  return { accessToken: `a${generation}`, refreshToken: `r${generation}`, expiresAt };
}

let store: Store;
let tenant: { workspaceId: string; environment: "live" };
const vault = new Vault(newKeyRing());
const client = new UpstreamClient({ transport: { timeoutMs: 1_000 } });
let crm: RotatingProvider;
let count = 0;
beforeAll(async () => {
  store = await openNewStore();
  tenant = { workspaceId: (await store.workspaces.ensure("home")).id, environment: "live" };
});
afterAll(async () => {
  client.close();
  await store.close();
});
beforeEach(() => void (crm = new RotatingProvider()));

/** A connection whose access token lives so long, in milliseconds; negative: it has expired. */
async function connection(livesMs: number): Promise<ConnectionRecord> {
  const endUser = await store.endUsers.upsert({ ...tenant, externalId: `customer-${(count += 1)}` });
  const id = store.connections.newId();
  const jwe = await vault.encrypt(id, credentials(1, livesMs));
  const made = await store.connections.create(
    { id, ...tenant, endUserId: endUser.id, provider: "hubspot", credentials: jwe },
    CREATED,
  );
  if (made.outcome !== "CREATED") throw new Error(made.outcome);
  return made.connection;
}

const row = async ({ id }: ConnectionRecord) => (await store.connections.get(tenant.workspaceId, "live", id))!;

/** Sleeps in no time, yet lets the others have their turn. */
class YieldingClock extends LeapingClock {
  onSleep: () => Promise<void> = async () => {};

  override async sleep(ms: number): Promise<void> {
    await super.sleep(ms);
    await turn();
    await this.onSleep();
  }
}

type Renew = (credentials: Credentials) => Promise<Credentials>;
interface Replaced {
  connections?: Partial<Connections>;
  leases?: Partial<Store["refreshLeases"]>;
  renew?: Renew;
}

/** A provider without OAuth: it renews credentials by one function. */
function registryWith(renew: Renew): ProviderRegistry {
  const { oauth: _oauth, ...rest } = providers.get("hubspot");
  const provider: Provider = { ...rest, renew: (_exchange, given) => renew(given) };
  return new ProviderRegistry([provider]);
}

/** One process: its own cache and single flight over the one store. */
function process(replaced: Replaced = {}) {
  const background: unknown[] = [];
  const clock = new YieldingClock();
  const parts = {
    store: {
      connections: Object.assign(Object.create(store.connections) as Connections, replaced.connections),
      refreshLeases: Object.assign(Object.create(store.refreshLeases) as Store["refreshLeases"], replaced.leases),
      events: store.events,
    },
    directory: { forget: () => {} },
    onBackgroundError: (error: unknown) => void background.push(error),
  };
  const renewal = new Renewal({
    ...parts,
    registry: registryWith(replaced.renew ?? ((given) => crm.renew(given))),
    access: new UpstreamAccess({
      client,
      origins: new Origins({
        sandbox: new Map(),
        sandboxPages: () => "",
        overrides: new Map(),
        allowPrivateHosts: false,
      }),
      oauthClients: () => null,
      clock: systemClock,
    }),
    credentials: new CredentialStore({ ...parts, vault }),
    inFlight: new InFlight(),
    clock,
  });
  const source = (of: ConnectionRecord, remember = true) => renewal.source({ connection: of, operation, remember });
  return { renewal, source, background, clock };
}

const operation: Operation = {
  deadline: Infinity,
  signal: new AbortController().signal,
  sandboxFaults: new Map(),
  onCall: () => {},
  actor: { kind: "API_KEY", id: "key_1" },
  mayReconnect: false,
  requestId: "request-1",
};

const events = async (of: ConnectionRecord) =>
  (await store.events.listByEndUser({ ...tenant, endUserId: of.endUserId, limit: 50 })).map(({ type }) => type);

describe("an expired token", () => {
  test("is renewed once by three processes with 50 callers each", async () => {
    const it = await connection(-1);
    const processes = [process(), process(), process()];
    const given = await Promise.all(
      processes.flatMap(({ source }) => Array.from({ length: 50 }, () => source(it).current())),
    );
    expect(crm).toMatchObject({ calls: 1, revoked: false });
    expect(new Set(given.map(({ value }) => value["accessToken"]))).toEqual(new Set(["a2"]));
    expect(await row(it)).toMatchObject({ status: "ACTIVE", credentialsVersion: 2 });
    expect((await row(it)).tokenExpiresAt!.getTime()).toBeGreaterThan(Date.now());
    expect(await events(it)).toEqual(["REFRESHED", "CREATED"]);
  });

  test("that the CRM refuses early is renewed once for all callers that were refused", async () => {
    const it = await connection(30 * MINUTE_MS);
    const [one, other] = [process(), process()];
    const given = await Promise.all(
      [one, other].flatMap(({ source }) => Array.from({ length: 20 }, () => source(it).renew(1))),
    );
    expect(crm.calls).toBe(1);
    expect(given.every((credential) => credential?.value["accessToken"] === "a2")).toBe(true);
  });

  test("is renewed by another process once the lease of a dead process has expired", async () => {
    const it = await connection(-1);
    const dead = "a process that died";
    expect(await store.refreshLeases.take(it.id, dead, MINUTE_MS)).toBe(true);
    const { source, clock } = process();
    // The third look finds that the lease is over.
    clock.onSleep = async () => {
      if (clock.slept.length === 3) await store.refreshLeases.take(it.id, dead, 0);
    };
    expect((await source(it).current()).value["accessToken"]).toBe("a2");
    expect(crm.calls).toBe(1);
    expect(clock.slept).toHaveLength(3);
  });

  test("whose renewal is refused makes the connection NEEDS_REAUTH, and no further call is made", async () => {
    const it = await connection(-1);
    crm.revoked = true;
    const { source } = process();
    await expect(source(it).current()).rejects.toMatchObject({ code: "NEEDS_REAUTH" });
    expect(await row(it)).toMatchObject({ status: "NEEDS_REAUTH" });
    await expect(
      process()
        .source(await row(it))
        .current(),
    ).rejects.toMatchObject({ code: "NEEDS_REAUTH" });
    expect(crm.calls).toBe(1);
    expect(await events(it)).toEqual(["NEEDS_REAUTH", "CREATED"]);
  });

  test("whose renewal is refused by an injected fault leaves the connection ACTIVE", async () => {
    const it = await connection(-1);
    crm.failures.push(new CrmError("NEEDS_REAUTH"));
    await expect(process().source(it, false).current()).rejects.toMatchObject({ code: "NEEDS_REAUTH" });
    expect(await row(it)).toMatchObject({ status: "ACTIVE" });
    expect(await events(it)).toEqual(["CREATED"]);
  });

  test.each(["PROVIDER_UNAVAILABLE", "CIRCUIT_OPEN", "PROVIDER_RATE_LIMITED", "SERVICE_UNAVAILABLE"] as const)(
    "stays ACTIVE through %s, noted once a minute, and is renewed afterwards",
    async (code) => {
      const it = await connection(-1);
      crm.failures.push(...Array.from({ length: 3 }, () => new CrmError(code, { detail: "A bad day." })));
      const { source } = process();
      for (let i = 0; i < 3; i += 1) await expect(source(it).current()).rejects.toMatchObject({ code });
      expect(await row(it)).toMatchObject({ status: "ACTIVE", credentialsVersion: 1 });
      expect((await source(it).current()).value["accessToken"]).toBe("a2");
      expect(await events(it)).toEqual(["REFRESHED", "REFRESH_FAILED", "CREATED"]);
    },
  );
});

test("a waiting caller gives up in bounded time if others keep taking the lease", async () => {
  const it = await connection(-1);
  await store.refreshLeases.take(it.id, "another process", MINUTE_MS);
  const { source, clock } = process();
  const waiting = source(it).current();
  await expect(waiting).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE", details: { retryAfter: 1 } });
  expect(clock.slept.length).toBeGreaterThan(10);
  expect(crm.calls).toBe(0);
});

describe("a token in its last minute", () => {
  test("is renewed ahead of its expiry", async () => {
    const it = await connection(30_000);
    expect((await process().source(it).current()).value["accessToken"]).toBe("a2");
  });

  test("is used while another process renews it", async () => {
    const it = await connection(30_000);
    await store.refreshLeases.take(it.id, "another process", MINUTE_MS);
    const { source, clock } = process();
    expect((await source(it).current()).value["accessToken"]).toBe("a1");
    expect(clock.slept).toEqual([]);
    expect(crm.calls).toBe(0);
  });

  test("is used while the token endpoint is down, but not after a refusal", async () => {
    const it = await connection(30_000);
    crm.failures.push(new CrmError("PROVIDER_UNAVAILABLE"));
    const { source } = process();
    expect((await source(it).current()).value["accessToken"]).toBe("a1");
    crm.revoked = true;
    await expect(source(it).current()).rejects.toMatchObject({ code: "NEEDS_REAUTH" });
  });

  test("is not renewed before its last minute", async () => {
    const it = await connection(5 * MINUTE_MS);
    expect((await process().source(it).current()).value["accessToken"]).toBe("a1");
    expect(crm.calls).toBe(0);
  });
});

describe("a store that goes away after the CRM has rotated the token", () => {
  /** Refuses this many updates. */
  const failing = (times: number): Replaced => {
    let left = times;
    const updateCredentials: Connections["updateCredentials"] = async (...args) => {
      if ((left -= 1) >= 0) throw new StoreUnavailableError();
      return store.connections.updateCredentials(...args);
    };
    return { connections: { updateCredentials } };
  };

  test("is retried", async () => {
    const it = await connection(-1);
    const { source, background, clock } = process(failing(2));
    expect((await source(it).current()).value["accessToken"]).toBe("a2");
    expect(clock.slept).toEqual([100, 500]);
    expect(background).toEqual([]);
    expect(await row(it)).toMatchObject({ credentialsVersion: 2 });
  });

  /** Takes no update until it is told that it is back. */
  const away = () => {
    const outage = { isOver: false };
    const updateCredentials: Connections["updateCredentials"] = async (...args) => {
      if (!outage.isOver) throw new StoreUnavailableError();
      return store.connections.updateCredentials(...args);
    };
    return { outage, replaced: { connections: { updateCredentials } } };
  };
  const isSaved = (of: ConnectionRecord) =>
    eventually(async () => ((await row(of)).credentialsVersion === 2 ? true : undefined));

  test("loses no token: this process uses it and saves it once the store is back", async () => {
    const it = await connection(-1);
    const { outage, replaced } = away();
    const { source, background } = process(replaced);
    expect((await source(it).current()).value["accessToken"]).toBe("a2");
    expect(background).toEqual([expect.any(StoreUnavailableError)]);
    expect(await row(it)).toMatchObject({ credentialsVersion: 1 });
    // With the row as it was, the one in memory is used; and whoever is refused with it does not spend the old one again.
    expect((await source(it).current()).value["accessToken"]).toBe("a2");
    expect((await source(await row(it)).renew(2))!.value["accessToken"]).toBe("a2");
    expect(crm).toMatchObject({ calls: 1, revoked: false });

    outage.isOver = true;
    await isSaved(it);
    expect(
      (await process()
        .source(await row(it))
        .renew(2))!.value["accessToken"],
    ).toBe("a3");
    expect(await events(it)).toEqual(["REFRESHED", "REFRESHED", "CREATED"]);
  });

  test("and is still away at a stop is retried once more", async () => {
    const [it, lost] = [await connection(-1), await connection(-1)];
    const { outage, replaced } = away();
    const one = process(replaced);
    await one.source(it).current();
    outage.isOver = true;
    await one.renewal.close();
    await isSaved(it);

    const other = process(away().replaced);
    crm = new RotatingProvider();
    await other.source(lost).current();
    await other.renewal.close();
    expect(other.background).toHaveLength(2);
    expect(await row(lost)).toMatchObject({ credentialsVersion: 1 });
  });

  test("and comes back with another credential: that credential wins, in this process too", async () => {
    const it = await connection(-1);
    const { outage, replaced } = away();
    const { source } = process(replaced);
    await source(it).current();
    const jwe = await vault.encrypt(it.id, credentials(9, 30 * MINUTE_MS));
    const event = { type: "RECONNECTED", actor: { kind: "END_USER" } } as const;
    await store.connections.updateCredentials(it.id, 1, { credentials: jwe }, event);
    outage.isOver = true;
    await eventually(async () =>
      (await source(await row(it)).current()).value["accessToken"] === "a9" ? true : undefined,
    );
  });
});

test("a refusal is ignored if the credential has been replaced meanwhile", async () => {
  const it = await connection(-1);
  const jwe = await vault.encrypt(it.id, credentials(9, 30 * MINUTE_MS));
  const { source } = process({
    renew: async () => {
      const event = { type: "RECONNECTED", actor: { kind: "END_USER" } } as const;
      await store.connections.updateCredentials(it.id, 1, { credentials: jwe }, event);
      throw new CrmError("NEEDS_REAUTH");
    },
  });
  expect((await source(it).current()).value["accessToken"]).toBe("a9");
  expect(await row(it)).toMatchObject({ status: "ACTIVE" });
});

test("a reconnect or disconnect during a renewal wins", async () => {
  const it = await connection(-1);
  const jwe = await vault.encrypt(it.id, credentials(9, 30 * MINUTE_MS));
  const reconnecting = process({
    renew: async (old) => {
      const event = { type: "RECONNECTED", actor: { kind: "END_USER" } } as const;
      await store.connections.updateCredentials(it.id, 1, { credentials: jwe }, event);
      return crm.renew(old);
    },
  });
  expect((await reconnecting.source(it).current()).value["accessToken"]).toBe("a9");

  const gone = await connection(-1);
  const deleting = process({
    renew: async () => {
      const event = { type: "DISCONNECTED", actor: { kind: "END_USER" } } as const;
      await store.connections.disconnect(tenant.workspaceId, "live", gone.id, event);
      return new RotatingProvider().renew(credentials(1, 0));
    },
  });
  await expect(deleting.source(gone).current()).rejects.toMatchObject({ code: "CONNECTION_NOT_FOUND" });
});

test("the scopes that a provider names with a renewal are saved; without them the old ones stay", async () => {
  const it = await connection(-1);
  const onBackgroundError = () => {};
  const written = new CredentialStore({ store, vault, directory: { forget: () => {} } });
  const saver = new RenewalSaver({ credentials: written, clock: new YieldingClock(), onBackgroundError });
  const issued = { credentials: credentials(2, MINUTE_MS), expiresAt: null };
  for (const scopes of [["contacts"], null]) {
    const renewed = { row: await row(it), issued: { ...issued, scopes }, requestId: "request-1" };
    expect(await saver.save(renewed)).toBe("SAVED");
    expect(await row(it)).toMatchObject({ scopes: ["contacts"], tokenExpiresAt: null });
  }
});

test("a lease that cannot be released expires, and no call fails", async () => {
  const it = await connection(-1);
  const release = async () => {
    throw new StoreUnavailableError();
  };
  const { source, background } = process({ leases: { release } });
  expect((await source(it).current()).value["accessToken"]).toBe("a2");
  expect(background).toEqual([expect.any(StoreUnavailableError)]);
});

test("work under the lease waits for another process, and keeps renewals out", async () => {
  const it = await connection(-1);
  const other = "a process that renews";
  await store.refreshLeases.take(it.id, other, MINUTE_MS);
  const { renewal, source, clock } = process();
  clock.onSleep = async () => {
    if (clock.slept.length === 2) await store.refreshLeases.release(it.id, other);
  };
  const ended = await renewal.holdingLease(it.id, async () => {
    expect(clock.slept).toHaveLength(2);
    // A renewal now waits for as long as it may.
    await expect(process().source(it).current()).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE" });
    return "ended";
  });
  expect(ended).toBe("ended");
  expect(crm.calls).toBe(0);
  expect((await source(it).current()).value["accessToken"]).toBe("a2");
});
