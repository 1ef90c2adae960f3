import { expect, test } from "@jest/globals";
import { ApiKeyAuthenticator } from "../../src/connections/access/api-key-authenticator.js";
import { ConnectionDirectory } from "../../src/connections/access/directory.js";
import { LastUses } from "../../src/connections/access/last-uses.js";
import { providers } from "../../src/providers/index.js";
import { newApiKeySecret } from "../../src/store/api-key-secret.js";
import { OwnChanges } from "../../src/store/changes.js";
import type { Store } from "../../src/store/open-store.js";
import { StillClock } from "../upstream/harness.js";

const HOUR_MS = 3_600_000;

const onBackgroundError = (error: unknown) => {
  throw error;
};

/** A store that keeps what is saved: the last use of each row, in the order of the statements. */
function savingStore(saved: ReadonlyMap<string, Date>[]): Store {
  const touch = async (uses: ReadonlyMap<string, Date>) => void saved.push(uses);
  const findByHash = async () => ({
    id: "key_1",
    workspaceId: "ws_1",
    environment: "test",
    scopes: [],
    expiresAt: null,
  });
  return { apiKeys: { findByHash, touch }, connections: { touch }, changes: new OwnChanges() } as unknown as Store;
}

/** Uses something now, twice a minute later, and again after another minute. Each time, what is unsaved is saved. */
async function touchesOf(clock: StillClock, use: () => unknown, save: () => Promise<void>): Promise<void> {
  const useAndSave = async () => {
    await use();
    await save();
  };
  await useAndSave();
  clock.set(-2 * HOUR_MS);
  clock.leap(60_000);
  await useAndSave();
  await useAndSave();
  clock.set(4 * HOUR_MS);
  await useAndSave();
  clock.leap(60_000);
  await useAndSave();
}

const timesOf = (saved: readonly ReadonlyMap<string, Date>[], id: string, start: number) =>
  saved.map((uses) => uses.get(id)!.getTime() - start);

test("the last use of an API key is saved once a minute, however the wall clock is set", async () => {
  const clock = new StillClock();
  const start = clock.now();
  const saved: ReadonlyMap<string, Date>[] = [];
  const authenticator = new ApiKeyAuthenticator({ store: savingStore(saved), refused: [], clock, onBackgroundError });
  const header = `Bearer ${newApiKeySecret("test")}`;
  await touchesOf(
    clock,
    () => authenticator.authenticate(header),
    () => authenticator.close(),
  );
  expect(timesOf(saved, "key_1", start)).toEqual([0, 60_000 - 2 * HOUR_MS, 120_000 + 2 * HOUR_MS]);
});

test("the last use of a connection is saved once a minute, however the wall clock is set", async () => {
  const clock = new StillClock();
  const start = clock.now();
  const saved: ReadonlyMap<string, Date>[] = [];
  const directory = new ConnectionDirectory({
    store: savingStore(saved),
    registry: providers,
    clock,
    onBackgroundError,
  });
  await touchesOf(
    clock,
    () => directory.touch("con_1"),
    () => directory.close(),
  );
  expect(timesOf(saved, "con_1", start)).toEqual([0, 60_000 - 2 * HOUR_MS, 120_000 + 2 * HOUR_MS]);
});

test("the uses of many rows are saved together, at most 500 at once", async () => {
  const saved: ReadonlyMap<string, Date>[] = [];
  const save = async (uses: ReadonlyMap<string, Date>) => void saved.push(uses);
  const uses = new LastUses({ save, clock: new StillClock(), onBackgroundError });
  const ids = Array.from({ length: 1_200 }, (_, index) => `con_${index}`);
  for (const id of ids) uses.note(id);
  await uses.close();
  expect(saved.map(({ size }) => size)).toEqual([500, 500, 200]);
  expect(saved.flatMap((some) => [...some.keys()])).toEqual(ids);
});

test("uses that cannot be saved are told, and later ones are saved", async () => {
  const errors: unknown[] = [];
  const saved: string[] = [];
  const uses = new LastUses({
    save: async (some) => {
      if (some.has("con_1")) throw new Error("down");
      saved.push(...some.keys());
    },
    clock: new StillClock(),
    onBackgroundError: (error) => errors.push(error),
  });
  uses.note("con_1");
  await uses.close();
  uses.note("con_2");
  await uses.close();
  expect([errors.map(String), saved]).toEqual([["Error: down"], ["con_2"]]);
});
