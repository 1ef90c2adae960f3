import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { clockFinding, type ClockReading } from "../../src/cli/doctor/clock.js";
import type { Finding } from "../../src/cli/doctor/finding.js";
import { checkDisk, checkNode, diskFinding } from "../../src/cli/doctor/machine.js";
import { redirectUriFinding } from "../../src/cli/doctor/redirect-uri.js";
import { serveCommands } from "../../src/cli/control/served-commands.js";
import { readConfig } from "../../src/config.js";
import { providers } from "../../src/providers/index.js";
import { startSandbox, type Sandbox } from "../../src/sandbox/public.js";
import { openStore } from "../../src/store/open-store.js";
import { parseEncryptionKeys } from "../../src/store/encryption-keys.js";
import { Vault } from "../../src/store/vault.js";
import { commandLine } from "../support/command-line.js";
import { newDataFolder } from "../support/data-folder.js";
import { json, startLocalServer } from "../upstream/local-server.js";

const KEY = `mine:${Buffer.alloc(32, 1).toString("base64")}`;
const OTHER_KEY = `mine:${Buffer.alloc(32, 2).toString("base64")}`;
/** A folder that does not exist, unless a test needs a database. */
const NO_FOLDER = join(tmpdir(), "crmesh-doctor-no-such-folder");
let dataDir = NO_FOLDER;

function useDatabase(): void {
  beforeEach(async () => {
    dataDir = await newDataFolder();
  });
  afterEach(async () => {
    await rm(dataDir, { recursive: true, force: true });
    dataDir = NO_FOLDER;
  });
}

interface Report {
  ok: boolean;
  findings: Finding[];
}

async function doctor(environment: Record<string, string> = {}): Promise<Report & { code: number }> {
  const { code, stdout, stderr } = await commandLine(["doctor", "--json"], {
    CRMESH_DATA_DIR: dataDir,
    ...environment,
  });
  expect(stderr).toBe("");
  const report = JSON.parse(stdout) as Report;
  // The report, the exit code and the findings say the same.
  expect([report.ok, code]).toEqual(report.findings.some(({ status }) => status === "failed") ? [false, 1] : [true, 0]);
  for (const { status, advice } of report.findings) {
    if (status === "failed" || status === "warning") expect(advice).toMatch(/\.$|: chmod /);
  }
  return { ...report, code };
}

const of = ({ findings }: Report, check: string) =>
  findings.filter((finding) => finding.check === check).map(({ check: _check, ...rest }) => rest);

async function withStore(use: (store: Awaited<ReturnType<typeof openStore>>) => Promise<void>): Promise<void> {
  const store = await openStore({ dataDir });
  try {
    await use(store);
  } finally {
    await store.close();
  }
}

async function saveCredentials(key: string): Promise<void> {
  await withStore(async (store) => {
    const { id: workspaceId } = await store.workspaces.ensure("home");
    const { id: endUserId } = await store.endUsers.upsert({ workspaceId, environment: "live", externalId: "ann" });
    const id = store.connections.newId();
    const credentials = await new Vault(parseEncryptionKeys(key)).encrypt(id, { token: "s3cret" });
    await store.connections.create(
      { id, workspaceId, environment: "live", endUserId, provider: "odoo", credentials },
      { type: "CREATED", actor: { kind: "CRMESH" } },
    );
  });
}

describe("a healthy installation", () => {
  useDatabase();

  test("passes, and the text says the same as the JSON", async () => {
    await withStore(() => Promise.resolve());
    const report = await doctor();
    expect(report.code).toBe(0);
    expect(report.findings.map(({ check, status }) => `${check} ${status}`)).toEqual([
      "node ok",
      "settings ok",
      "store ok",
      "encryption keys ok",
      "clock skipped",
      "disk ok",
      "oauth skipped",
    ]);
    const { code, stdout } = await commandLine(["doctor"], { CRMESH_DATA_DIR: dataDir });
    expect(code).toBe(0);
    for (const { status, check, message } of report.findings) {
      // Free space may change between the two runs.
      if (check !== "disk") expect(stdout).toMatch(new RegExp(`^${status} +${check} +`, "m"));
      if (check !== "disk") expect(stdout).toContain(message);
    }
    expect(stdout).toMatch(/\n\nNo check failed\.\n$/);
  });

  test("is not changed: no folder, no key, no migration", async () => {
    const before = await readdir(dataDir);
    const pending = await doctor();
    expect(of(pending, "store")).toEqual([
      { status: "ok", message: expect.stringMatching(/is reachable; the next start applies \d+ migrations$/) },
    ]);
    expect(of(pending, "encryption keys")).toEqual([
      { status: "ok", message: `The first start creates ${join(dataDir, "encryption.key")}` },
    ]);
    expect(await readdir(dataDir)).toEqual(before);
    // Still pending: the first run has applied none.
    expect(of(await doctor(), "store")).toEqual(of(pending, "store"));

    const nowhere = join(dataDir, "new", "folder");
    expect(of(await doctor({ CRMESH_DATA_DIR: nowhere }), "store")).toEqual([
      { status: "ok", message: `The embedded database in ${nowhere} does not exist yet; the first start creates it` },
    ]);
    expect(await readdir(dataDir)).toEqual(before);
  });

  test("is checked in the server that has the data folder open", async () => {
    const store = await openStore({ dataDir });
    const environment = { CRMESH_DATA_DIR: dataDir, CRMESH_MAINTENANCE: "on", CRMESH_ENCRYPTION_KEY: KEY };
    const control = await serveCommands({ store, config: readConfig(environment, providers) }, environment, () => {});
    try {
      const report = await doctor();
      expect(of(report, "store")).toEqual([
        { status: "ok", message: `The embedded database in ${dataDir} is open in the running server` },
      ]);
      // With the settings of the server, not of the caller.
      expect(of(report, "settings")).toMatchObject([
        { status: "warning", message: expect.stringMatching(/^CRMESH_MAINTENANCE is on/) },
      ]);
    } finally {
      await control.close();
      await store.close();
    }
  });
});

describe("settings", () => {
  test("that are invalid fail, without the checks that need them", async () => {
    const report = await doctor({ CRMESH_RATE_LIMIT: "many", CRMESH_RATELIMIT: "1" });
    expect(report.findings.map(({ check, status }) => `${check} ${status}`)).toEqual([
      "node ok",
      "settings warning",
      "settings failed",
    ]);
    expect(report.findings[1]!.message).toContain("Did you mean CRMESH_RATE_LIMIT?");
  });

  test.each([
    [{ NODE_ENV: "production" }, "CRMESH_PUBLIC_URL is not set"],
    [{ NODE_ENV: "production", CRMESH_PUBLIC_URL: "http://crm.example.com" }, "CRMESH_PUBLIC_URL is not https"],
    [
      { NODE_ENV: "production", CRMESH_PUBLIC_URL: "https://crm.example.com", CRMESH_ALLOW_PRIVATE_HOSTS: "on" },
      "CRMESH_ALLOW_PRIVATE_HOSTS is on",
    ],
  ])("%j are risky in production", async (environment, message) => {
    expect(of(await doctor(environment), "settings")).toEqual([
      { status: "warning", message: expect.stringContaining(message), advice: expect.any(String) },
    ]);
  });

  test("of a real server are fine", async () => {
    const report = await doctor({ NODE_ENV: "production", CRMESH_PUBLIC_URL: "https://crm.example.com" });
    expect(of(report, "settings")).toEqual([{ status: "ok", message: "Production, without sandbox CRMs" }]);
  });
});

describe("the store", () => {
  useDatabase();

  test("that another process has open, and that takes no commands, fails", async () => {
    await withStore(async () => {
      expect(of(await doctor(), "store")).toMatchObject([
        { status: "failed", message: expect.stringContaining(`is in use by process ${process.pid}`) },
      ]);
    });
  });

  test("that cannot be reached fails, without its password", async () => {
    const report = await doctor({
      DATABASE_URL: "postgres://user:hunter2@127.0.0.1:1/crmesh",
      CRMESH_ENCRYPTION_KEY: KEY,
    });
    expect(of(report, "store")).toMatchObject([
      {
        status: "failed",
        message: "The database crmesh on 127.0.0.1:1 cannot be opened: connect ECONNREFUSED 127.0.0.1:1.",
      },
    ]);
    expect(JSON.stringify(report)).not.toContain("hunter2");
  });

  test("with credentials of another key fails, and with the right one passes", async () => {
    await saveCredentials(KEY);
    expect(of(await doctor({ CRMESH_ENCRYPTION_KEY: OTHER_KEY }), "encryption keys")).toMatchObject([
      { status: "failed", message: expect.stringContaining("is not the one that the stored credentials") },
    ]);
    expect(of(await doctor({ CRMESH_ENCRYPTION_KEY: "hunter2" }), "encryption keys")).toMatchObject([
      { status: "failed", message: expect.stringContaining("must be base64 of 32 bytes") },
    ]);
    expect(of(await doctor(), "encryption keys")).toMatchObject([
      { status: "failed", message: expect.stringContaining("encryption.key is gone, but the store holds credentials") },
    ]);
    expect(of(await doctor({ CRMESH_ENCRYPTION_KEY: KEY }), "encryption keys")).toEqual([
      { status: "ok", message: 'The current key is "mine"; all stored credentials can be decrypted' },
    ]);
    const file = join(dataDir, "encryption.key");
    await writeFile(file, KEY, { mode: 0o600 });
    await chmod(file, 0o644);
    expect(of(await doctor(), "encryption keys")).toEqual([
      { status: "ok", message: expect.any(String) },
      {
        status: "warning",
        message: `Other users of this machine may read ${file}`,
        advice: `Run: chmod 600 ${file}`,
      },
    ]);
  });
});

describe("OAuth clients", () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox.close());

  const SLUGS = ["hubspot", "salesforce", "pipedrive", "zoho", "dynamics365", "close", "attio"];

  /** A live OAuth client whose authorization server is the sandbox CRM. */
  function client(slug: string, own: { id?: string; secret?: string; origin?: string } = {}): Record<string, string> {
    const name = `CRMESH_${slug.toUpperCase()}`;
    return {
      [`${name}_CLIENT_ID`]: own.id ?? sandbox.oauthClient.id,
      [`${name}_CLIENT_SECRET`]: own.secret ?? sandbox.oauthClient.secret,
      [`${name}_BASE_URL`]: own.origin ?? sandbox.origins.get(slug)!,
      CRMESH_PUBLIC_URL: "https://crm.example.com",
    };
  }

  test("are all the providers with OAuth", () => {
    expect(
      providers.all
        .filter(({ oauth }) => oauth)
        .map(({ slug }) => slug)
        .sort(),
    ).toEqual([...SLUGS].sort());
  });

  test("with the right id and secret pass at every provider, and their clocks are compared", async () => {
    const report = await doctor(Object.assign({}, ...SLUGS.map((slug) => client(slug))) as Record<string, string>);
    expect(report.code).toBe(0);
    for (const slug of SLUGS) {
      const { host } = new URL(sandbox.origins.get(slug)!);
      expect(of(report, `oauth ${slug}`)).toEqual([
        { status: "ok", message: `${host} knows the client` },
        {
          status: "ok",
          message: `The redirect URI is https://crm.example.com/connect/callback/${slug}`,
          advice: "It must be registered at the provider, letter for letter.",
        },
      ]);
      expect(of(report, "clock")).toEqual([{ status: "ok", message: expect.stringContaining(host) }]);
    }
    expect(of(report, "oauth")).toEqual([]);
  });

  test.each(SLUGS)("with a wrong secret, or id, fail at %s, and no secret is printed", async (slug) => {
    for (const own of [{ secret: "hunter2" }, { id: "nobody" }]) {
      const report = await doctor(client(slug, own));
      expect(of(report, `oauth ${slug}`)[0]).toEqual({
        status: "failed",
        message: expect.stringContaining("The provider refused crmesh’s OAuth client."),
        advice: `Compare CRMESH_${slug.toUpperCase()}_CLIENT_ID and CRMESH_${slug.toUpperCase()}_CLIENT_SECRET with the app at the provider.`,
      });
      expect(JSON.stringify(report)).not.toMatch(/hunter2|sandbox-secret/);
    }
  });

  test("with spaces or quotes fail before anybody is asked", async () => {
    for (const secret of ['"quoted"', " padded", "two words", "'"]) {
      const report = await doctor(client("hubspot", { secret }));
      expect(of(report, "oauth hubspot")).toMatchObject([
        { status: "failed", message: expect.stringContaining("CRMESH_HUBSPOT_CLIENT_SECRET has spaces or quotes") },
      ]);
    }
  });

  test("of a server that is not there fail", async () => {
    // Nobody listens on port 1.
    const report = await doctor(client("close", { origin: "http://127.0.0.1:1" }));
    expect(of(report, "oauth close")[0]).toMatchObject({
      status: "failed",
      message: "127.0.0.1:1 cannot be reached: The CRM could not be reached.",
    });
  });

  test.each([
    [{ status: 400, body: { error: "invalid_request" } }, "warning", "400 invalid_request"],
    [{ status: 429, body: {} }, "warning", "429"],
    [{ status: 503, body: {} }, "failed", "status 503"],
    [{ status: 200, body: { access_token: "s3cret", token_type: "bearer" } }, "warning", "a grant that cannot exist"],
  ])("of a server that answers %j: %s", async (answer, status, part) => {
    const server = await startLocalServer();
    server.answer(json(answer.status, answer.body));
    try {
      const report = await doctor(client("close", { origin: server.origin }));
      expect(of(report, "oauth close")[0]).toMatchObject({ status, message: expect.stringContaining(part) });
      expect(JSON.stringify(report)).not.toContain("s3cret");
    } finally {
      await server.close();
    }
  });

  test("of a server with another time show that a clock is wrong", async () => {
    const server = await startLocalServer();
    server.answer(json(400, { error: "invalid_grant" }, { date: "Thu, 01 Jan 2015 00:00:00 GMT" }));
    try {
      const report = await doctor(client("close", { origin: server.origin }));
      expect(of(report, "clock")).toMatchObject([
        { status: "failed", message: expect.stringMatching(/^The clock is at least \d+ s ahead of 127\.0\.0\.1:/) },
      ]);
      // One request, without any retry: providers limit token requests.
      expect(server.received).toHaveLength(1);
    } finally {
      await server.close();
    }
  });

  test("that are missing are named", async () => {
    const [skipped] = of(await doctor(client("hubspot")), "oauth");
    expect(skipped).toMatchObject({ status: "skipped" });
    expect(skipped!.message).toMatch(/: salesforce, pipedrive, zoho, dynamics365, close, attio$/);
  });

  test.each([
    [{ publicUrl: "https://crm.example.com", production: true }, "ok"],
    [{ publicUrl: "http://localhost:4000", production: false }, "ok"],
    [{ publicUrl: "http://127.0.0.1:4000", production: true }, "ok"],
    [{ publicUrl: "http://crm.example.com", production: false }, "failed"],
    [{ publicUrl: undefined, production: false }, "warning"],
    [{ publicUrl: undefined, production: true }, "failed"],
  ])("a redirect URI of %j is %s", (config, status) => {
    expect(redirectUriFinding("hubspot", { host: "127.0.0.1", port: 4000, ...config }).status).toBe(status);
  });
});

describe("the machine", () => {
  test("needs a new Node.js", () => {
    expect(checkNode("20.1.0")).toMatchObject({ status: "failed", message: expect.stringContaining("20.1.0") });
  });

  test.each([
    [100, "ok"],
    [0.5, "warning"],
    [0.1, "failed"],
  ])("with %d GiB free is %s", (gib, status) => {
    expect(diskFinding("/data", gib * 1024 ** 3).status).toBe(status);
  });

  test("needs a folder", async () => {
    const folder = await mkdtemp(join(tmpdir(), "crmesh-doctor-"));
    expect((await checkDisk(join(folder, "not", "yet"))).message).toContain(`free for ${folder}`);
    await rm(folder, { recursive: true });
  });

  const reading = (theirs: number, own: Partial<ClockReading> = {}): ClockReading => ({
    source: "the database",
    theirs,
    resolutionMs: 0,
    sentAt: 1_000_000,
    receivedAt: 1_000_200,
    ...own,
  });

  test.each([
    ["within the answer's time", [reading(1_000_100)], "ok", "agrees with the database"],
    ["a little later", [reading(1_005_000)], "ok", "agrees"],
    ["10 s later", [reading(1_010_200)], "warning", "at least 10 s behind the database"],
    ["10 s earlier", [reading(990_000)], "warning", "at least 10 s ahead of the database"],
    ["two minutes later", [reading(1_120_200)], "failed", "at least 120 s behind"],
    ["5 s and the second of its header earlier", [reading(994_000, { resolutionMs: 1_000 })], "ok", "agrees"],
    ["far away after a slow answer", [reading(1_300_000, { receivedAt: 1_400_000 })], "ok", "agrees"],
    ["of two, one far away", [reading(1_000_100), reading(0, { source: "crm" })], "failed", "ahead of crm"],
  ])("whose clock is compared with one %s", (_, readings, status, part) => {
    expect(clockFinding(readings)).toMatchObject({ status, message: expect.stringContaining(part) });
  });
});
