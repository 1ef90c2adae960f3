import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { AnsweredError } from "../support/test-server.js";
import { EndUserBrowser } from "../support/end-user-browser.js";
import { eventually } from "../support/eventually.js";
import { expiredToken, ReplicaGround, type Slug } from "./support/ground.js";
import type { Replica } from "./support/replica.js";

let ground: ReplicaGround;
let one: Replica;
let other: Replica;
beforeAll(async () => {
  ground = await ReplicaGround.open();
  [one, other] = (await ground.serve(2)) as [Replica, Replica];
});
afterAll(() => ground.close());

interface Contacts {
  contacts: { nodes: { id: string }[]; pageInfo: { endCursor: string } } | null;
}

const CONTACTS = "{ contacts(first: 1) { nodes { id } } }";
const ask = (replica: Replica, endUserId: string, provider: Slug, key = ground.key) =>
  replica.query<Contacts>(CONTACTS, { key, endUserId, provider });

const codeOf = ([error]: readonly AnsweredError[]) => error?.extensions.code ?? "OK";

/** Asks the other replica again and again: it answers as before, and then, within ten seconds, as it is now. */
async function turns(from: string, to: string, look: () => Promise<{ errors: AnsweredError[] }>): Promise<void> {
  expect(codeOf((await look()).errors)).toMatch(new RegExp(`^(${from}|${to})$`));
  await eventually(async () => {
    const code = codeOf((await look()).errors);
    if (code !== from && code !== to) throw new Error(`It is neither ${from} nor ${to}: ${code}`);
    return code === to || undefined;
  });
}

describe("what is changed through one replica is seen by the other", () => {
  test("a key that is revoked", async () => {
    await ground.connect("revoked-key", "odoo", ground.sandbox.credentials("odoo", "demo"));
    const { workspaceId } = ground;
    const scopes = ["contacts:read"];
    const made = await ground.store.apiKeys.create({ workspaceId, environment: "live", name: "Short-lived", scopes });
    const look = () => ask(other, "revoked-key", "odoo", made.secret);
    expect((await look()).errors).toEqual([]);
    const revoking = ground.launch(["keys", "revoke", made.record.id]);
    expect(await revoking.exited).toEqual({ code: 0, signal: null });
    await turns("OK", "INVALID_API_KEY", look);
  });

  test.each(["odoo", "hubspot"] as const)("a connection of %s that is deleted", async (provider) => {
    const id = await ground.connect("deleted", provider, ground.sandbox.credentials(provider, "demo"));
    const look = () => ask(other, "deleted", provider);
    // The first use may renew the credential, after which nothing is remembered; by the second one it is.
    for (let use = 1; use <= 2; use += 1) expect((await look()).errors).toEqual([]);
    await one.data("mutation ($id: ID!) { deleteConnection(id: $id) { id } }", { key: ground.key, variables: { id } });
    await turns("OK", "CONNECTION_NOT_FOUND", look);
    expect(await ground.stored(id)).toMatchObject({ status: "DISCONNECTED", credentials: null });
  });

  /** A connection that the CRM lets nobody use any more, which both replicas know. */
  async function refused(endUser: string): Promise<string> {
    const given = ground.sandbox.credentials("hubspot", "demo");
    const accessToken = expiredToken(given["accessToken"]!);
    const id = await ground.connect(endUser, "hubspot", { ...given, accessToken, refreshToken: "revoked-token" });
    for (const replica of [one, other])
      expect(codeOf((await ask(replica, endUser, "hubspot")).errors)).toBe("NEEDS_REAUTH");
    return id;
  }

  test("a connection that is mended with a new credential", async () => {
    const id = await refused("mended");
    const { accessToken } = ground.sandbox.credentials("hubspot", "demo");
    const { createConnection } = await one.data<{ createConnection: { id: string } }>(
      "mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { id } }",
      {
        key: ground.key,
        variables: { input: { endUserId: "mended", provider: "hubspot", credentials: { accessToken } } },
      },
    );
    expect(createConnection.id).toBe(id);
    await turns("NEEDS_REAUTH", "OK", () => ask(other, "mended", "hubspot"));
  });

  test("a connection that the end user mends by the link of an error", async () => {
    const id = await refused("reconnected");
    const { errors } = await ask(one, "reconnected", "hubspot");
    const page = await new EndUserBrowser().consent(errors[0]!.extensions.reconnectUrl!, "hubspot", "demo");
    expect(page.status).toBe(200);
    expect(await ground.stored(id)).toMatchObject({ status: "ACTIVE" });
    await turns("NEEDS_REAUTH", "OK", () => ask(other, "reconnected", "hubspot"));
  });
});

test("paging goes on at any replica", async () => {
  await ground.connect("pages", "hubspot", ground.sandbox.credentials("hubspot", "demo"));
  const document =
    "query ($first: Int, $after: String) { contacts(first: $first, after: $after) { nodes { id } pageInfo { endCursor } } }";
  const page = async (replica: Replica, first: number, after: string | null) => {
    const options = { key: ground.key, endUserId: "pages", provider: "hubspot", variables: { first, after } };
    return (await replica.data<Contacts>(document, options)).contacts!;
  };
  const whole = await page(one, 30, null);
  const pages = [await page(one, 10, null)];
  for (const replica of [other, one]) pages.push(await page(replica, 10, pages.at(-1)!.pageInfo.endCursor));
  expect(pages.flatMap(({ nodes }) => nodes)).toEqual(whole.nodes);
});

describe("a connect token of one replica", () => {
  const createToken = async () => {
    const { createConnectToken } = await one.data<{ createConnectToken: { url: string } }>(
      'mutation { createConnectToken(input: { endUserId: "connects" }) { url } }',
      { key: ground.key },
    );
    return createConnectToken.url;
  };
  /** The one who redeems it gets a session. */
  const hasSession = (page: Response) => page.headers.getSetCookie().length > 0;

  test("opens Connect at the other, once", async () => {
    const url = await createToken();
    const page = await other.open(url);
    expect(page.status).toBe(303);
    expect(page.headers.get("location")).toMatch(/^\/connect\/[\w-]+$/);
    expect(hasSession(page)).toBe(true);
    for (const replica of [one, other]) expect(hasSession(await replica.open(url))).toBe(false);
  });

  test("is redeemed once where all ask at the same time", async () => {
    const url = await createToken();
    const pages = await Promise.all(Array.from({ length: 20 }, (_, at) => [one, other][at % 2]!.open(url)));
    expect(pages.map(({ status }) => status)).toEqual(pages.map(() => 303));
    expect(pages.filter(hasSession)).toHaveLength(1);
  });

  test("gives a session that goes on at any replica", async () => {
    const entry = await other.open(await createToken());
    const cookie = entry.headers
      .getSetCookie()
      .map((one) => one.split(";")[0])
      .join("; ");
    for (const replica of [one, other]) {
      const home = await fetch(`${replica.origin}${entry.headers.get("location")}`, { headers: { cookie } });
      expect(home.status).toBe(200);
      expect(await home.text()).toContain("HubSpot");
    }
  });
});

test("no process has written a secret", () => {
  expect(ground.processes.output).toContain("Upstream call");
  expect(ground.leaks).toEqual([]);
});
