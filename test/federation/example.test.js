import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { post } from "./crmesh.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BUILD = "npm run --silent build && ";
const script = JSON.parse(readFileSync(`${ROOT}/package.json`, "utf8")).scripts["example:federation"];
const table = JSON.parse(readFileSync(`${ROOT}/examples/federation/customers.json`, "utf8"));

let example;
after(() => stop());

/** Runs the command of the example. What it builds first has been built for this suite. */
async function start() {
  assert.ok(script.startsWith(BUILD), script);
  const child = spawn(script.slice(BUILD.length), {
    cwd: ROOT,
    shell: true,
    // The shell is not asked to stop: its whole group is.
    detached: true,
    env: { ...process.env, PORT: "0", CRMESH_URL: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  example = { child, exited };
  let output = "";
  let errors = "";
  child.stderr.on("data", (chunk) => (errors += chunk));
  const ready = new Promise((resolve) => {
    child.stdout.on("data", (chunk) => {
      output += chunk;
      const found = /The gateway listens on (\S+)\. /.exec(output);
      if (found) resolve(found[1]);
    });
  });
  const url = await Promise.race([ready, exited.then(() => null)]);
  assert.notEqual(url, null, `The example ended: ${output}${errors}`);
  const [begin, end] = [output.indexOf("\n{") + 1, output.lastIndexOf("\n}") + 2];
  return { url, answer: JSON.parse(output.slice(begin, end)) };
}

async function stop() {
  const { child, exited } = example;
  if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, "SIGTERM");
  return exited;
}

test("the example answers customers with their stored contact, contacts and next meetings", async () => {
  const { url, answer } = await start();
  assert.equal(answer.errors, undefined);
  const { customers } = answer.data;
  assert.deepEqual(
    customers.map(({ name }) => name),
    table.map(({ name }) => name),
  );
  for (const [index, { mainContact }] of table.entries()) {
    const { mainContact: contact, crm } = customers[index];
    if (mainContact === null) {
      assert.deepEqual([contact, crm.connections, crm.contacts.nodes, crm.meetings.nodes], [null, [], [], []]);
      continue;
    }
    assert.equal(typeof contact.fullName, "string");
    assert.equal(crm.contacts.nodes.length, 3);
    const starts = crm.meetings.nodes.map(({ startAt }) => startAt);
    assert.equal(starts.length, 3);
    assert.deepEqual(starts, starts.toSorted());
    for (const startAt of starts) assert.ok(Date.parse(startAt) > Date.now(), startAt);
    // Twenty says of all its lists of meetings that recent versions leave some out.
    const hasTwenty = crm.connections.some(({ provider }) => provider.name === "Twenty");
    assert.equal(crm.meetings.completeness.isComplete, !hasTwenty);
  }
  assert.ok(customers.some(({ crm }) => crm.connections.length > 5));

  // The stored id is that of a record of the CRM.
  const query = "{ customers { mainContact { endUserId providerSlug nativeId id company { name } } } }";
  const { status, body } = await post(url, { query });
  assert.deepEqual([status, body.errors], [200, undefined]);
  for (const [index, { mainContact }] of table.entries())
    if (mainContact !== null) assert.partialDeepStrictEqual(body.data.customers[index].mainContact, mainContact);

  const [code] = await stop();
  assert.ok(code === 0 || code === null, String(code));
});
