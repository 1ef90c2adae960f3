import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { expiredToken, ReplicaGround } from "./support/ground.js";
import type { Replica } from "./support/replica.js";

const QUERIES = 50;
/** One race may be won by luck. */
const ROUNDS = 5;
const HOUR_MS = 3_600_000;

let ground: ReplicaGround;
let replicas: Replica[];
beforeAll(async () => {
  ground = await ReplicaGround.open();
  replicas = await ground.serve(2);
});
afterAll(() => ground.close());

const CONTACTS = "{ contacts(first: 1) { nodes { id } } }";
interface Contacts {
  contacts: { nodes: { id: string }[] } | null;
}

/** Queries at once, by turns at each of the processes; every one must be answered with data. */
async function ask(endUserId: string, provider: string, count: number): Promise<void> {
  const answers = await Promise.all(
    Array.from({ length: count }, (_, at) =>
      replicas[at % replicas.length]!.query<Contacts>(CONTACTS, { key: ground.key, endUserId, provider }),
    ),
  );
  expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
  for (const { data } of answers) expect(data!.contacts!.nodes).toHaveLength(1);
}

const refreshTokenOf = async (id: string) => (await ground.stored(id)).credentials["refreshToken"];

describe(`${QUERIES} queries at a time over two processes, where refresh tokens rotate`, () => {
  const rounds = Array.from({ length: ROUNDS }, (_, at) => at + 1);

  test.each(rounds)("at an expiry that is known, refresh once (round %i)", async (round) => {
    const given = ground.sandbox.credentials("hubspot", "demo");
    const expired = { accessToken: expiredToken(given["accessToken"]!), expiresAt: new Date(0).toISOString() };
    const endUser = `known-${round}`;
    const id = await ground.connect(endUser, "hubspot", { ...given, ...expired });
    const before = ground.tokenCalls("hubspot").length;

    await ask(endUser, "hubspot", QUERIES);

    expect(ground.tokenCalls("hubspot").slice(before)).toEqual([200]);
    expect(await ground.stored(id)).toMatchObject({ status: "ACTIVE", credentialsVersion: 2 });
    expect(await refreshTokenOf(id)).not.toBe(given["refreshToken"]);
    // Nobody was sent out with the old token.
    expect(ground.gates.hubspot.passages.filter(({ status }) => status === 401)).toEqual([]);
    expect(await ground.events(id)).toEqual(["CREATED", "REFRESHED"]);

    await ask(endUser, "hubspot", 2);
    expect(ground.tokenCalls("hubspot")).toHaveLength(before + 1);
  });

  test.each(rounds)("shortly before an expiry, refresh once (round %i)", async (round) => {
    const given = ground.sandbox.credentials("hubspot", "demo");
    const endUser = `soon-${round}`;
    const expiresAt = new Date(Date.now() + 30_000).toISOString();
    const id = await ground.connect(endUser, "hubspot", { ...given, expiresAt });
    const before = ground.tokenCalls("hubspot").length;

    await ask(endUser, "hubspot", QUERIES);

    expect(ground.tokenCalls("hubspot").slice(before)).toEqual([200]);
    expect(await ground.stored(id)).toMatchObject({ status: "ACTIVE", credentialsVersion: 2 });
    expect(await refreshTokenOf(id)).not.toBe(given["refreshToken"]);
  });

  test(`where only a refusal tells, refresh once, ${ROUNDS} times over`, async () => {
    const id = await ground.connect("refused", "salesforce", ground.sandbox.credentials("salesforce", "demo"));
    await ask("refused", "salesforce", 2);
    expect(ground.tokenCalls("salesforce")).toEqual([]);
    for (let round = 1; round <= ROUNDS; round += 1) {
      const old = await refreshTokenOf(id);
      ground.moveCrmClocks(3 * HOUR_MS);

      // Each round spends the token that the one before has stored.
      await ask("refused", "salesforce", QUERIES);

      expect(ground.tokenCalls("salesforce")).toEqual(Array.from({ length: round }, () => 200));
      expect(await ground.stored(id)).toMatchObject({ status: "ACTIVE", credentialsVersion: 1 + round });
      expect(await refreshTokenOf(id)).not.toBe(old);
    }
    expect(await ground.events(id)).toEqual(["CREATED", ...Array.from({ length: ROUNDS }, () => "REFRESHED")]);
  });
});

test("no process has written a secret", () => {
  expect(ground.processes.output).toContain("Upstream call");
  expect(ground.leaks).toEqual([]);
});
