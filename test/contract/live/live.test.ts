import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { espocrmSandbox } from "../../../src/sandbox/crms/espocrm/index.js";
import { odooSandbox } from "../../../src/sandbox/crms/odoo/index.js";
import { startSandboxServer, type SandboxServer } from "../../../src/sandbox/kit/server.js";
import { openEspo } from "../espocrm/native-client.js";
import { openOdoo } from "../odoo/native-client.js";
import { startRecordingProxy, type RecordingProxy } from "../stage/recording-proxy.js";
import type { NativeClient } from "../subject.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const MAIN = ["--import", "./test/support/typescript-hooks.js", "test/contract/live/main.ts"];
const SAMPLE = "a full list|users are read";

/** Runs `npm run test:live` against a sandbox as if it were a real server. */
describe("a run in a real account", () => {
  let server: SandboxServer;
  let proxy: RecordingProxy;
  let client: NativeClient;
  const { apiKey = "" } = espocrmSandbox.typedCredential("live");

  beforeEach(async () => {
    server = await startSandboxServer(espocrmSandbox);
    proxy = await startRecordingProxy(server.origin);
    client = await openEspo(server.origin, { apiKey });
  });
  afterEach(async () => {
    await proxy.close();
    await server.close();
  });

  /** Everything that a run can leave behind. */
  async function account() {
    const counts = [client.count("contact"), client.count("lead"), client.count("meeting")];
    return { counts: await Promise.all(counts), companies: await client.companies() };
  }

  function start(args: readonly string[], more: Record<string, string> = {}) {
    const environment = {
      PATH: process.env["PATH"],
      TZ: process.env["TZ"],
      CRMESH_LIVE_ESPOCRM_URL: proxy.origin,
      CRMESH_LIVE_ESPOCRM_API_KEY: apiKey,
      ...more,
    };
    const child = spawn(process.execPath, [...MAIN, ...args], { cwd: ROOT, env: environment });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    const ended = new Promise<{ code: number | null; output: string }>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, output }));
    });
    return { child, ended };
  }

  test("runs cases on its own records, says what did not run, removes everything and prints no secret", async () => {
    const before = await account();
    const { code, output } = await start(["espocrm", "-t", SAMPLE]).ended;
    expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/: 4 of 4 cases passed\./) });
    expect(output).toMatch(/not run: \d+ cases: needs faults and answers that a real CRM does not give on demand/);
    expect(output).toMatch(/not run: \d+ cases: no contact of the run has leads/);
    expect(output).toMatch(/Removed [1-9]\d+ records with the mark crmesh\w+\./);
    expect(output).not.toContain(apiKey);
    expect(
      proxy.requests.filter(({ method, url }) => method === "POST" && url.endsWith("/Contact")).length,
    ).toBeGreaterThan(10);
    expect(await account()).toEqual(before);
  });

  test("fails if the adapter reads otherwise than the CRM's own client, and still removes everything", async () => {
    const before = await account();
    // The adapter alone selects attributes of contacts in lists.
    proxy.answers = ({ url }) =>
      url.includes("/Contact?") && url.includes("emailAddressData")
        ? { status: 200, headers: { "content-type": "application/json" }, text: '{"total":0,"list":[]}' }
        : null;
    const { code, output } = await start(["espocrm", "-t", SAMPLE]).ended;
    expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(/: 3 of 4 cases passed\./) });
    expect(output).toMatch(/failed: contact › reads › a full list has every record/);
    expect(await account()).toEqual(before);
  });

  test("removes everything after Ctrl-C", async () => {
    const before = await account();
    const { child, ended } = start(["espocrm", "-t", SAMPLE]);
    proxy.onExchange = ({ request }) => {
      if (request.method === "POST" && request.url.endsWith("/Lead")) child.kill("SIGINT");
    };
    const { code, output } = await ended;
    expect({ code, output }).toEqual({ code: 130, output: expect.stringMatching(/Removed [1-9]\d* records/) });
    expect(await account()).toEqual(before);
  });

  test("makes the tags that the cases name and the account lacks, assigns only to users who work there, and removes all", async () => {
    const odoo = await startSandboxServer(odooSandbox);
    try {
      const credential = odooSandbox.typedCredential("live");
      const native = await openOdoo(odoo.origin, credential);
      const tags = () => native.call<{ name: string }[]>("crm.tag", "search_read", [], { fields: ["name"] });
      const named = (await tags()).map(({ name }) => name);
      // Lost leads are archived.
      const leads = () => native.call<number[]>("crm.lead", "search", [[]], { context: { active_test: false } });
      const before = await leads();
      const gone = await native.call<number[]>("crm.tag", "search", [[["name", "=", "Training"]]]);
      await native.call("crm.tag", "unlink", [gone]);
      const [{ partner_id: somebody }] = await native.call<[{ partner_id: [number, string] }]>(
        "res.users",
        "search_read",
        [],
        { fields: ["partner_id"], limit: 1 },
      );
      const left = await native.call<number>("res.users", "create", [
        { login: "left", partner_id: somebody[0], company_id: 1, active: false },
      ]);
      expect(await native.assignable!()).not.toContain(String(left));
      expect((await native.owners()).has(String(left))).toBe(true);
      const settings = Object.entries({ ...credential, url: odoo.origin }).map(([name, value]) => [
        `CRMESH_LIVE_ODOO_${name === "apiKey" ? "API_KEY" : name.toUpperCase()}`,
        value,
      ]);
      const environment = Object.fromEntries(settings) as Record<string, string>;
      const cases = "lead (writes a create with all inputs|records after writes a create)";
      const { code, output } = await start(["odoo", "-t", cases], environment).ended;
      expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/: 2 of 2 cases passed\./) });
      expect(await leads()).toEqual(before);
      expect((await tags()).map(({ name }) => name)).toEqual(named.filter((name) => name !== "Training"));
    } finally {
      await odoo.close();
    }
  });

  test("the records of a run that was killed are removed by the next run", async () => {
    const before = await account();
    const { child, ended } = start(["espocrm", "-t", SAMPLE]);
    proxy.onExchange = ({ request }) => {
      if (request.method === "POST" && request.url.endsWith("/Lead")) child.kill("SIGKILL");
    };
    await ended;
    proxy.onExchange = null;
    expect((await account()).counts[0]).toBeGreaterThan(before.counts[0]!);
    const { output } = await start(["espocrm", "-t", "no case of this name"]).ended;
    expect(output.match(/Removed [1-9]\d* records/g)).toHaveLength(2);
    expect(await account()).toEqual(before);
  });

  test.each([
    [["espocrm"], "Set CRMESH_LIVE_ESPOCRM_URL, CRMESH_LIVE_ESPOCRM_API_KEY"],
    [["nocrm"], 'There is no CRM "nocrm". Give one of: hubspot,'],
    [[], "Name the CRM: npm run test:live -- <slug>."],
  ])("%j without settings is refused with what is missing", async (args, text) => {
    const { code, output } = await start(args, { CRMESH_LIVE_ESPOCRM_URL: "", CRMESH_LIVE_ESPOCRM_API_KEY: "" }).ended;
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining(text) });
    expect(proxy.requests).toEqual([]);
  });
});
