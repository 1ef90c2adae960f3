/** The programs of examples/client do what they say, with the package that `npm pack` makes: `npm run test:examples`. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { packFreshClone, run, unpackInto } from "../package/pack.js";
import { startCommand } from "../package/started.js";

const EXAMPLE = fileURLToPath(new URL("../../examples/client", import.meta.url));

let packed;
let server;
before(async () => {
  packed = await packFreshClone();
  await unpackInto(packed.tarball, EXAMPLE);
  await run("npm", ["run", "--silent", "build"], { cwd: EXAMPLE });
  server = await startCommand(process.execPath, [join(packed.folder, "clone/dist/cli/main.js"), "serve"], {
    cwd: packed.folder,
    env: { PATH: process.env.PATH, PORT: "0", CRMESH_RATE_LIMIT: "100000" },
  });
});
after(async () => {
  await server?.stop();
  await packed?.remove();
});

/** @returns the lines that a program of the example prints */
async function linesOf(program, environment = {}) {
  const env = { PATH: process.env.PATH, CRMESH_URL: `${server.origin}/graphql`, ...environment };
  const { stdout, stderr } = await run(process.execPath, [program], { cwd: EXAMPLE, env });
  assert.equal(stderr, "");
  return stdout.trim().split("\n");
}

async function ask(query) {
  const response = await fetch(`${server.origin}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer sk_test_demo", "x-end-user-id": "demo" },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined);
  return data;
}

/** Counted page by page, by a cursor in the text of the query. */
async function countOf(provider) {
  let count = 0;
  for (let after = "null", hasNextPage = true; hasNextPage;) {
    const page = `contacts(provider: "${provider}", first: 100, after: ${after})`;
    const { contacts } = await ask(`{ ${page} { nodes { id } pageInfo { hasNextPage endCursor } } }`);
    count += contacts.nodes.length;
    ({ hasNextPage } = contacts.pageInfo);
    after = JSON.stringify(contacts.pageInfo.endCursor);
  }
  return count;
}

const meetings = async () => {
  const filter = 'filter: { startsSince: "2027-01-12T00:00:00Z" }';
  const query = `{ meetings(provider: "hubspot", first: 100, ${filter}) { nodes { title contacts { fullName } } } }`;
  return (await ask(query)).meetings.nodes.filter(({ title }) => title === "Kick-off");
};

describe("src/main.ts", () => {
  test("counts the contacts of every CRM, and plans one meeting", async () => {
    const before = (await meetings()).length;
    const lines = await linesOf("dist/main.js");
    const { connections } = await ask("{ connections { provider { slug } } }");
    assert.equal(connections.length, 10);
    for (const [at, { provider }] of connections.entries()) {
      const start = `${provider.slug}: ${await countOf(provider.slug)} contacts, `;
      assert.ok(lines[at].startsWith(start), `${lines[at]} should begin with ${start}`);
    }
    const planned = await meetings();
    assert.equal(planned.length, before + 1);
    const name = planned[0].contacts[0].fullName;
    assert.equal(lines[10], `meeting: Kick-off on 2027-01-12T09:00:00.000Z with ${name}`);
    assert.equal(lines.length, 11);
  });

  /** What fails on the CRM's side opens the circuit of its connection, so each of these has a CRM of its own. */
  const FAILURES = {
    "hubspot=NEEDS_REAUTH": /^hubspot failed, NEEDS_REAUTH, hubspot: reconnect on \/connect$/,
    "hubspot=PROVIDER_AUTH_FAILED": /^hubspot failed, PROVIDER_AUTH_FAILED, hubspot: the account lacks a permission$/,
    "hubspot=PROVIDER_RATE_LIMITED": /^hubspot failed, PROVIDER_RATE_LIMITED, hubspot: try again in 10 s$/,
    "salesforce=PROVIDER_UNAVAILABLE":
      /^salesforce failed, (PROVIDER_UNAVAILABLE|CIRCUIT_OPEN), salesforce: try again (later|in \d+ s)$/,
    "pipedrive=PROVIDER_ERROR":
      /^pipedrive failed, (PROVIDER_ERROR|CIRCUIT_OPEN), pipedrive: try again (later|in \d+ s)$/,
  };
  for (const [fault, expected] of Object.entries(FAILURES)) {
    test(`${fault}: says what to do, and hides no other CRM`, async () => {
      const lines = await linesOf("dist/main.js", { SANDBOX_FAULT: fault });
      const failed = lines.filter((line) => line.includes(" failed, "));
      assert.equal(failed.length, 1, lines.join("\n"));
      assert.match(failed[0], expected);
      const counted = lines.filter((line) => /^\w+: \d{3,} contacts, /.test(line));
      assert.equal(counted.length, 9);
    });
  }

  test("errors of the whole request are for the developer", async () => {
    const failed = linesOf("dist/main.js", { CRMESH_API_KEY: "sk_test_wrong" });
    await assert.rejects(failed, /INVALID_API_KEY/);
  });
});

test("src/tada.ts reads the last meeting", async () => {
  const { meetings } = await ask(
    '{ meetings(provider: "hubspot", first: 1, orderBy: { field: STARTS_AT, direction: DESC }) { nodes { title startAt } } }',
  );
  const [{ title, startAt }] = meetings.nodes;
  assert.deepEqual(await linesOf("dist/tada.js"), [`${title ?? "(no title)"} on ${startAt.slice(0, 10)}`]);
});

describe("src/fetch.mjs", () => {
  test("counts the contacts of all pages", async () => {
    assert.deepEqual(await linesOf("src/fetch.mjs"), [`${await countOf("hubspot")} contacts`]);
  });

  test("says what to do about an error", async () => {
    const [line] = await linesOf("src/fetch.mjs", { SANDBOX_FAULT: "hubspot=PROVIDER_RATE_LIMITED" });
    assert.match(line, /^PROVIDER_RATE_LIMITED: .+ try again in 10 s \(request \S+\)$/);
  });
});

describe("src/apollo.ts", () => {
  test("joins the pages in the cache, and reads a record from there", async () => {
    const count = await countOf("hubspot");
    assert.deepEqual(await linesOf("dist/apollo.js"), [
      `${count} contacts in ${Math.ceil(count / 100)} requests`,
      "the same contact, 0 requests",
    ]);
  });

  test("says what to do about an error", async () => {
    const [line] = await linesOf("dist/apollo.js", { SANDBOX_FAULT: "hubspot=NEEDS_REAUTH" });
    assert.equal(line, "NEEDS_REAUTH, hubspot: reconnect on /connect");
  });

  test("knows every type that is a Node", async () => {
    const schema = await readFile(join(EXAMPLE, "node_modules/crmesh/schema.graphql"), "utf8");
    const nodes = [...schema.matchAll(/^type (\w+) implements Node\b/gm)].map(([, name]) => name);
    const source = await readFile(join(EXAMPLE, "src/apollo.ts"), "utf8");
    assert.deepEqual(JSON.parse(/Node: (\[.+\])/.exec(source)[1]).sort(), nodes.sort());
  });
});

test("with the scalars of codegen.ts, dates are strings", async () => {
  const types = await readFile(join(EXAMPLE, "src/gql/graphql.ts"), "utf8");
  assert.match(types, /updatedAt: string \| null/);
  assert.match(types, /startAt: string\b/);
});
