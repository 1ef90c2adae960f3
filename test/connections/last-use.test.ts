import { expect, test } from "@jest/globals";
import { ApiKeyAuthenticator } from "../../src/connections/access/api-key-authenticator.js";
import { ConnectionDirectory } from "../../src/connections/access/directory.js";
import { providers } from "../../src/providers/index.js";
import { newApiKeySecret } from "../../src/store/api-key-secret.js";
import type { ApiKeys } from "../../src/store/api-keys.js";
import type { Store } from "../../src/store/open-store.js";
import { StillClock } from "../upstream/harness.js";

const HOUR_MS = 3_600_000;

/** Uses something now, twice a minute later, and again after another minute. */
async function touchesOf(clock: StillClock, use: () => unknown): Promise<void> {
  await use();
  clock.set(-2 * HOUR_MS);
  clock.leap(60_000);
  await use();
  await use();
  clock.set(4 * HOUR_MS);
  await use();
  clock.leap(60_000);
  await use();
}

test("the last use of an API key is saved once a minute, however the wall clock is set", async () => {
  const clock = new StillClock();
  const start = clock.now();
  const touched: number[] = [];
  const apiKeys = {
    findByHash: async () => ({ id: "key_1", workspaceId: "ws_1", environment: "test", scopes: [] }),
    touch: async (_id: string, at: Date) => void touched.push(at.getTime() - start),
  } as unknown as ApiKeys;
  const authenticator = new ApiKeyAuthenticator({
    apiKeys,
    refused: [],
    clock,
    onBackgroundError: (error) => {
      throw error;
    },
  });
  const header = `Bearer ${newApiKeySecret("test")}`;
  await touchesOf(clock, () => authenticator.authenticate(header));
  expect(touched).toEqual([0, 60_000 - 2 * HOUR_MS, 120_000 + 2 * HOUR_MS]);
});

test("the last use of a connection is saved once a minute, however the wall clock is set", async () => {
  const clock = new StillClock();
  const start = clock.now();
  const touched: number[] = [];
  const store = {
    connections: { touch: async (_id: string, at: Date) => void touched.push(at.getTime() - start) },
  } as unknown as Store;
  const directory = new ConnectionDirectory({
    store,
    registry: providers,
    clock,
    onBackgroundError: (error) => {
      throw error;
    },
  });
  await touchesOf(clock, () => directory.touch("con_1"));
  expect(touched).toEqual([0, 60_000 - 2 * HOUR_MS, 120_000 + 2 * HOUR_MS]);
});
