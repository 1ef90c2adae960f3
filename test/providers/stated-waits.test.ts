import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { providers } from "../../src/providers/index.js";
import { oauthTraits } from "../../src/providers/oauth/traits.js";
import { MAX_WAIT_S } from "../../src/errors/wait.js";
import { MAX_HOLD_MS } from "../../src/upstream/pace-ledger.js";
import type { UpstreamTraits } from "../../src/upstream/request.js";
import { UpstreamClient } from "../../src/upstream/upstream-client.js";
import { failure, readOf, scopeOf, StillClock } from "../upstream/harness.js";
import { json, startLocalServer, type LocalServer } from "../upstream/local-server.js";

/** Every header in which one of the CRMs states the length of a wait. */
const stating = (word: string) => ({
  "retry-after": word,
  ratelimit: `limit=100, remaining=0, reset=${word}`,
  "x-ratelimit-reset": word,
  "x-hubspot-ratelimit-interval-milliseconds": word,
});

const SUBJECTS: [name: string, traits: UpstreamTraits][] = providers.all.flatMap(({ slug, traits, oauth }) => [
  [slug, traits],
  ...(oauth ? [[`${slug}, token endpoint`, oauthTraits(oauth)] as [string, UpstreamTraits]] : []),
]);

describe.each(SUBJECTS)("%s: the wait that a refusal states", (_name, traits) => {
  let server: LocalServer;
  let client: UpstreamClient;
  let clock: StillClock;
  beforeAll(async () => (server = await startLocalServer()));
  afterAll(() => server.close());
  beforeEach(() => {
    clock = new StillClock();
    client = new UpstreamClient({ clock });
  });
  afterEach(() => client.close());

  const send = () =>
    client.send(
      readOf(`${server.origin}/read`),
      scopeOf({ paced: true, deadline: Infinity, now: () => clock.monotonic() }),
      traits,
    );

  async function waitAfter(headers: Record<string, string>): Promise<number | undefined> {
    server.answer(json(429, {}, headers));
    const { code, details } = await failure(send());
    expect(code).toBe("PROVIDER_RATE_LIMITED");
    return details.retryAfter;
  }

  test.each(["1700000000", "1000000000000", "9".repeat(400)])("%s is told as at most a day", async (word) => {
    const told = await waitAfter(stating(word));
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThanOrEqual(MAX_WAIT_S);
  });

  test.each(["Infinity", "-Infinity", "NaN", "-5", "1e9", "soon", "0x10", ""])(
    "%p is the documented wait",
    async (word) => {
      const documented = await waitAfter({});
      clock.leap(MAX_HOLD_MS);
      expect(await waitAfter(stating(word))).toBe(documented);
    },
  );

  test("holds the account back for no longer than a quarter of an hour", async () => {
    await waitAfter(stating("1700000000"));
    clock.leap(MAX_HOLD_MS);
    const sent = server.received.length;
    await failure(send());
    expect(server.received.length).toBeGreaterThan(sent);
  });
});
