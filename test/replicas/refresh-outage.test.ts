import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { eventually } from "../support/eventually.js";
import { expiredToken, ReplicaGround, TOKEN_PATH } from "./support/ground.js";
import { startRelay, type Relay } from "./support/relay.js";
import type { Replica } from "./support/replica.js";

let ground: ReplicaGround;
let line: Relay;
let one: Replica;
let other: Replica;
beforeAll(async () => {
  ground = await ReplicaGround.open();
  line = await startRelay(ground.database.url);
  [one, other] = (await ground.serve(2, { DATABASE_URL: line.url })) as [Replica, Replica];
});
afterAll(async () => {
  await ground.close();
  await line.close();
});

const CONTACTS = "{ contacts(first: 1) { nodes { id } } }";
interface Contacts {
  contacts: { nodes: { id: string }[] } | null;
}

test("a database that goes away between a refresh and its saving costs no connection", async () => {
  const given = ground.sandbox.credentials("hubspot", "demo");
  const expired = { accessToken: expiredToken(given["accessToken"]!), expiresAt: new Date(0).toISOString() };
  const id = await ground.connect("outage", "hubspot", { ...given, ...expired });
  const ask = (replica: Replica) =>
    replica.query<Contacts>(CONTACTS, { key: ground.key, endUserId: "outage", provider: "hubspot" });

  const held = ground.gates.hubspot.hold(TOKEN_PATH.hubspot, "AFTER");
  const running = ask(one);
  await held.reached;
  line.cut();
  held.release();
  // It goes on with what it has, when it has tried long enough to save it.
  const { data, errors } = await running;
  expect(errors).toEqual([]);
  expect(data!.contacts!.nodes).toHaveLength(1);
  line.mend();

  // The other one has not seen the new token, and must not spend the old refresh token again.
  await eventually(async () => ((await fetch(`${other.origin}/readyz`)).status === 200 ? true : undefined));
  expect((await ask(other)).errors).toEqual([]);
  expect(ground.tokenCalls("hubspot")).toEqual([200]);
  expect(await ground.stored(id)).toMatchObject({ status: "ACTIVE", credentialsVersion: 2 });
});

test("no process has written a secret", () => {
  expect(ground.leaks).toEqual([]);
});
