import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { eventually } from "../support/eventually.js";
import { expiredToken, ReplicaGround, TOKEN_PATH } from "./support/ground.js";
import type { Replica } from "./support/replica.js";

const QUERIES = 25;

let ground: ReplicaGround;
let dying: Replica;
let living: Replica;
beforeAll(async () => {
  ground = await ReplicaGround.open();
  [living] = (await ground.serve(1)) as [Replica];
});
afterAll(() => ground.close());
beforeEach(async () => {
  [dying] = (await ground.serve(1)) as [Replica];
});
afterEach(() => dying.process.kill());

const CONTACTS = "{ contacts(first: 1) { nodes { id } } }";
interface Contacts {
  contacts: { nodes: { id: string }[] } | null;
}

type OAuthSlug = keyof typeof TOKEN_PATH;
const ask = (replica: Replica, endUserId: string, provider: OAuthSlug) =>
  replica.query<Contacts>(CONTACTS, { key: ground.key, endUserId, provider });
const askOften = (replica: Replica, endUserId: string, provider: OAuthSlug, count: number) =>
  Promise.all(Array.from({ length: count }, () => ask(replica, endUserId, provider)));

/** A connection whose token has expired; HubSpot told when, Salesforce only refuses it. */
async function connectExpired(endUser: string, provider: OAuthSlug): Promise<string> {
  const given = ground.sandbox.credentials(provider, "demo");
  const known = provider === "hubspot" ? { expiresAt: new Date(0).toISOString() } : {};
  return ground.connect(endUser, provider, { ...given, accessToken: expiredToken(given["accessToken"]!), ...known });
}

describe("the refreshing process is killed", () => {
  test("before its request has reached the CRM: the others take over when its lease ends", async () => {
    const providers = ["hubspot", "salesforce"] as const;
    const ids = await Promise.all(providers.map((provider) => connectExpired("before", provider)));
    const held = providers.map((provider) => ground.gates[provider].hold(TOKEN_PATH[provider], "BEFORE"));
    const lost = providers.map((provider) => ask(dying, "before", provider).catch(() => "LOST"));
    await Promise.all(held.map(({ reached }) => reached));

    const early = providers.map((provider) => askOften(living, "before", provider, 12));
    // They wait for the holder of the lease: Salesforce has refused each of them by now.
    await eventually(
      () => ground.gates.salesforce.passages.filter(({ status }) => status === 401).length === 1 + 12 || undefined,
    );
    await dying.process.kill();
    expect(await Promise.all(lost)).toEqual(["LOST", "LOST"]);
    const late = providers.map((provider) => askOften(living, "before", provider, QUERIES - 12));

    // Within their own deadline, or they would be errors.
    const answers = (await Promise.all([...early, ...late])).flat();
    expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
    expect(answers).toHaveLength(providers.length * QUERIES);
    for (const { data } of answers) expect(data!.contacts!.nodes).toHaveLength(1);
    for (const [at, provider] of providers.entries()) {
      // That of the dead process, and that of the one who took over.
      expect(ground.tokenCalls(provider)).toEqual([null, 200]);
      expect(await ground.stored(ids[at]!)).toMatchObject({ status: "ACTIVE", credentialsVersion: 2 });
      expect(await ground.events(ids[at]!)).toEqual(["CREATED", "REFRESHED"]);
      held[at]!.release();
    }
  });

  test("after the CRM has rotated: the next refresh finds out, and says how to mend it", async () => {
    const id = await connectExpired("after", "hubspot");
    const before = ground.tokenCalls("hubspot").length;
    const held = ground.gates.hubspot.hold(TOKEN_PATH.hubspot, "AFTER");
    const lost = ask(dying, "after", "hubspot").catch(() => "LOST");
    await held.reached;
    await dying.process.kill();
    expect(await lost).toBe("LOST");

    const answers = await askOften(living, "after", "hubspot", QUERIES);
    held.release();
    for (const { status, errors } of answers) {
      expect(status).toBe(403);
      expect(errors.map(({ extensions }) => extensions)).toMatchObject([
        { code: "NEEDS_REAUTH", connectionId: id, provider: "hubspot", reconnectUrl: expect.any(String) },
      ]);
    }
    // Only one of them has asked: the answer is remembered.
    expect(ground.tokenCalls("hubspot").slice(before)).toEqual([200, 400]);
    expect(await ground.stored(id)).toMatchObject({ status: "NEEDS_REAUTH", credentialsVersion: 1 });
    expect(await ground.events(id)).toEqual(["CREATED", "NEEDS_REAUTH"]);

    const page = await living.open(answers[0]!.errors[0]!.extensions.reconnectUrl!);
    expect(page.status).toBe(303);
    expect(page.headers.get("location")).toMatch(/^\/connect\/[\w-]+$/);
  });
});

test("no process has written a secret", () => {
  expect(ground.processes.output).toContain("Upstream call");
  expect(ground.leaks).toEqual([]);
});
