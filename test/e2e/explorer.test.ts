import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ExplorerBuild } from "../../src/http/explorer/build.js";
import { Bundle } from "../../src/http/explorer/bundle.js";
import { examplesFor } from "../../src/http/explorer/examples.js";
import type { ExplorerSettings } from "../../src/http/explorer/settings.js";
import { createLogger } from "../../src/observability/logger.js";
import { DEMO_KEY, Ground, type Answer, type TestServer } from "../support/test-server.js";

const BROWSER = { accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" };
const SCRIPT = `console.log("explorer");\n`.repeat(100);
const MANIFEST = {
  icon: "icon-1.svg",
  graphiql: { script: "graphiql-1.js", style: "graphiql-1.css" },
  sandbox: { script: "sandbox-1.js", style: "sandbox-1.css" },
  workers: { editor: "editor-worker-1.js", json: "json-worker-1.js", graphql: "graphql-worker-1.js" },
};

let ground: Ground;
let folder: string;
let bundle: Bundle;
let server: TestServer;
let sandbox: TestServer;
beforeAll(async () => {
  [ground, folder] = await Promise.all([Ground.open(), mkdtemp(join(tmpdir(), "crmesh-explorer-"))]);
  bundle = new Bundle(pathToFileURL(`${folder}/`));
  await writeFile(join(folder, "manifest.json"), JSON.stringify(MANIFEST));
  await writeFile(join(folder, "graphiql-1.js.gz"), gzipSync(SCRIPT));
  server = await ground.serve({ explorerBundle: bundle });
  sandbox = await ground.serve({ explorerBundle: bundle, config: { explorer: "sandbox" } });
});
afterAll(async () => {
  await ground.close();
  await rm(folder, { recursive: true });
});

const titleOf = ({ text }: { text: string }) => /<title>(.*)<\/title>/.exec(text)?.[1];

function settingsOf({ text }: { text: string }): ExplorerSettings {
  const escaped = /data-settings="([^"]*)"/.exec(text)![1]!;
  return JSON.parse(
    escaped.replace(/&#(\d+);/g, (_all, code) => String.fromCharCode(Number(code))),
  ) as ExplorerSettings;
}

describe("the pages", () => {
  const [graphiql, apollo] = ["crmesh: GraphiQL", "crmesh: Apollo Sandbox"];

  test.each([
    ["/", graphiql, apollo],
    ["/graphql", graphiql, apollo],
    ["/explorer/graphiql", graphiql, graphiql],
    ["/explorer/sandbox", apollo, apollo],
  ])("%s", async (path, byDefault, ifSandboxIsPreferred) => {
    const pages = await Promise.all([server, sandbox].map((at) => at.fetch(path, { headers: BROWSER })));
    expect(pages.map(({ status }) => status)).toEqual([200, 200]);
    expect(pages.map(titleOf)).toEqual([byDefault, ifSandboxIsPreferred]);
    for (const { headers } of pages) {
      expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
      // It contains the key.
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
  });

  test("each links to the other", async () => {
    const [own, other] = await Promise.all(
      ["/explorer/graphiql", "/explorer/sandbox"].map((path) => server.fetch(path)),
    );
    expect([settingsOf(own!).other, settingsOf(other!).other]).toEqual(["/explorer/sandbox", "/explorer/graphiql"]);
    expect(other!.text).toContain('<a href="/explorer/graphiql">');
  });

  test("GraphiQL loads and reaches nothing but its own server, and has no script of its own", async () => {
    const { text, headers } = await server.fetch("/");
    const policy = headers.get("content-security-policy")!.split("; ");
    expect(policy).toEqual(
      expect.arrayContaining(["default-src 'none'", "script-src 'self'", "worker-src 'self'", "connect-src 'self'"]),
    );
    // Monaco writes styles into the page. Nothing else is allowed inline, and no other host.
    for (const directive of policy.filter((one) => !one.startsWith("style-src"))) {
      expect(directive).toMatch(/^[a-z-]+ ('none'|'self'( data:)?)$/);
    }
    expect(policy.find((one) => one.startsWith("style-src"))).toBe("style-src 'self' 'unsafe-inline'");
    expect(text).not.toMatch(/https?:\/\//);
    expect([...text.matchAll(/<script([^>]*)>([^<]*)/g)].map(([, attributes, code]) => [attributes, code])).toEqual([
      [' type="module" src="/explorer/assets/graphiql-1.js"', ""],
    ]);
  });

  test("the page of Apollo Sandbox loads one script from Apollo, and sends requests only to its own server", async () => {
    const { text, headers } = await server.fetch("/explorer/sandbox");
    const hosts = [...text.matchAll(/https:\/\/[^/"]+/g)].map(String);
    expect(hosts).toEqual(["https://embeddable-sandbox.cdn.apollographql.com"]);
    const policy = headers.get("content-security-policy");
    expect(policy).toContain("script-src 'self' https://embeddable-sandbox.cdn.apollographql.com;");
    expect(policy).toContain("connect-src 'self';");
    expect(text).not.toMatch(/<script[^>]*>[^<]/);
  });

  test.each([
    ["nothing", {}],
    ["anything", { accept: "*/*" }],
    ["JSON", { accept: "application/json" }],
    ["JSON rather than a page", { accept: "application/json, text/html;q=0.9" }],
    ["JSON before a page", { accept: "application/graphql-response+json, text/html" }],
    ["no page", { accept: "text/html;q=0, */*" }],
  ])("GET /graphql without a key that accepts %s gets no page", async (_name, headers) => {
    const { status, text } = await server.fetch("/graphql?query=%7Bproviders%7Bslug%7D%7D", { headers });
    expect([status, JSON.parse(text)]).toMatchObject([401, { errors: [{ extensions: { code: "INVALID_API_KEY" } }] }]);
  });

  test("the log names a setting that should be changed", async () => {
    const warned = await ground.serve({ config: { warnings: ["Change this setting."] }, explorerBundle: bundle });
    const lines = warned.logs.map((line) => JSON.parse(line) as { level: string; msg: string });
    expect(lines).toContainEqual(expect.objectContaining({ level: "warn", msg: "Change this setting." }));
    await warned.crmesh.close();
  });

  test("a server without the explorer has none of the pages", async () => {
    const closed = await ground.serve({ config: { explorer: "off" }, explorerBundle: bundle });
    expect(closed.crmesh.explorer).toBeNull();
    for (const path of ["/", "/explorer/graphiql", "/explorer/sandbox", "/explorer/assets/graphiql-1.js"]) {
      expect([path, (await closed.fetch(path, { headers: BROWSER })).status]).toEqual([path, 404]);
    }
    expect((await closed.fetch("/graphql", { headers: BROWSER })).status).toBe(401);
  });
});

describe("the test key", () => {
  test("is in the headers of a new tab", async () => {
    const headers: unknown = JSON.parse(settingsOf(await server.fetch("/")).headers);
    expect(headers).toEqual({ Authorization: `Bearer ${DEMO_KEY}`, "X-End-User-Id": "demo" });
  });

  test.each(["/", "/graphql", "/explorer/graphiql", "/explorer/sandbox"])(
    "is not at %s in production",
    async (path) => {
      const config = { production: true, sandbox: true, explorer: "graphiql" } as const;
      const production = await ground.serve({ config, explorerBundle: bundle });
      const page = await production.fetch(path, { headers: BROWSER });
      expect([page.status, page.text.includes("sk_")]).toEqual([200, false]);
      expect(JSON.parse(settingsOf(page).headers)).toEqual({ Authorization: "Bearer ", "X-End-User-Id": "" });
      // Faults are for test keys.
      expect(page.text).not.toContain("X-Sandbox-Fault");
      await production.crmesh.close();
    },
  );

  test("is not offered without the sandbox", async () => {
    const config = { sandbox: false, explorer: "graphiql" } as const;
    const live = await ground.serve({ config, explorerBundle: bundle });
    expect((await live.fetch("/")).text).not.toContain(DEMO_KEY);
    await live.crmesh.close();
  });
});

describe("the examples", () => {
  const examples = examplesFor({ key: DEMO_KEY, endUser: "demo" });
  const run = (name: string): Promise<Answer<Record<string, unknown>>> => {
    const { query, variables = "{}", headers } = examples.find((one) => one.query.includes(` ${name}`))!;
    const { Authorization: key, ...rest } = JSON.parse(headers) as Record<string, string>;
    return server.query(query, {
      variables: JSON.parse(variables) as Record<string, unknown>,
      key: key!.replace("Bearer ", ""),
      endUserId: null,
      headers: rest,
    });
  };

  test("AllConnections: every CRM answers, without any error", async () => {
    const { status, body } = await run("AllConnections");
    expect([status, body.errors]).toEqual([200, undefined]);
    const connections = body.data!["connections"] as { contacts: { nodes: object[] }; meetings: { nodes: object[] } }[];
    expect(connections).toHaveLength(10);
    for (const { contacts, meetings } of connections)
      expect([contacts.nodes, meetings.nodes]).toMatchObject([{ length: 3 }, { length: 3 }]);
  });

  test("MeetingsOfOnePerson: the person is there, and has a meeting", async () => {
    const { status, body } = await run("MeetingsOfOnePerson");
    expect([status, body.errors]).toEqual([200, undefined]);
    expect(body.data).toMatchObject({
      contacts: { nodes: [{ fullName: "Grace Müller", meetings: { nodes: [{ title: expect.any(String) }] } }] },
    });
  });

  test("CreateMeeting: writes, as often as somebody presses the button", async () => {
    for (const time of [1, 2]) {
      const { status, body } = await run("CreateMeeting");
      expect([time, status, body.errors]).toEqual([time, 200, undefined]);
      expect(body.extensions).toMatchObject({ http: { status: 201 } });
      expect(body.data).toMatchObject({ createMeeting: { title: "Product demo", durationMinutes: 45 } });
    }
  });

  test("RehearsedFailure: two CRMs fail, the others answer", async () => {
    const { status, body } = await run("RehearsedFailure");
    expect(status).toBe(200);
    expect(body.errors!.map(({ extensions: { code, provider } }) => [provider, code]).sort()).toEqual([
      ["hubspot", "PROVIDER_RATE_LIMITED"],
      ["odoo", "PROVIDER_UNAVAILABLE"],
    ]);
    const connections = body.data!["connections"] as { contacts: object | null }[];
    expect(connections.filter(({ contacts }) => contacts !== null)).toHaveLength(8);
  });

  test("UpstreamCalls: lists the calls and the price", async () => {
    const { status, body } = await run("UpstreamCalls");
    expect([status, body.errors]).toEqual([200, undefined]);
    const { calls, price } = body.extensions as { calls: object[]; price: object };
    expect(calls.length).toBeGreaterThanOrEqual(2);
    expect(calls.length).toBeLessThanOrEqual(3);
    expect(price).toBeDefined();
    expect((body.data!["meetings"] as { nodes: object[] }).nodes).toHaveLength(50);
  });
});

describe("the files", () => {
  /** `fetch` decompresses. */
  const get = (path: string, headers: Record<string, string>) =>
    new Promise<{ headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
      httpRequest(`${server.crmesh.origin}${path}`, { headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("end", () => resolve({ headers: answer.headers, body: Buffer.concat(chunks) }));
      })
        .on("error", reject)
        .end();
    });

  test("are compressed, and may be cached forever", async () => {
    const { headers, body } = await get("/explorer/assets/graphiql-1.js", { "accept-encoding": "br, gzip" });
    expect(headers).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "content-encoding": "gzip",
      "cache-control": "public, max-age=31536000, immutable",
      "content-length": String(body.length),
      vary: "Accept-Encoding",
    });
    expect(gunzipSync(body).toString()).toBe(SCRIPT);
  });

  test.each([undefined, "identity", "br", "gzip;q=0"])("are plain for a caller who accepts %s", async (accept) => {
    const { headers, body } = await get("/explorer/assets/graphiql-1.js", accept ? { "accept-encoding": accept } : {});
    expect(headers).not.toHaveProperty("content-encoding");
    expect(body.toString()).toBe(SCRIPT);
  });

  test.each([
    "nosuch-1.js",
    "manifest.json",
    "..%2Fmanifest.json",
    "%2Fetc%2Fpasswd",
    "graphiql-1.js.gz",
    "..%2f..%2fpackage.js",
  ])("%s is none of them", async (name) => {
    expect((await server.fetch(`/explorer/assets/${name}`)).status).toBe(404);
  });
});

describe("the explorer of a checkout", () => {
  /** A server whose explorer is built by this program. */
  async function building(program: string) {
    const [target, script] = [await mkdtemp(join(folder, "built-")), join(folder, `${String(Math.random())}.mjs`)];
    await writeFile(script, program.replaceAll("TARGET", JSON.stringify(join(target, "manifest.json"))));
    const lines: string[] = [];
    const build = new ExplorerBuild(createLogger("debug", { write: (line) => void lines.push(line) }), script);
    const at = await ground.serve({ explorerBundle: new Bundle(pathToFileURL(`${target}/`)), explorerBuild: build });
    return { at, build, lines, target };
  }

  test("says how to build it, if it is not built", async () => {
    const { at } = await building("");
    const page = await at.fetch("/");
    expect([page.status, titleOf(page)]).toEqual([503, "crmesh: explorer"]);
    expect(page.text).toContain("npm run build:explorer");
    expect(page.headers.get("refresh")).toBeNull();
  });

  test("says that it is being built, and loads the page again until it is", async () => {
    // Ends when the file is there, so that the test decides when.
    const { at, build, target } = await building(`
      import { existsSync, writeFileSync } from "node:fs";
      const timer = setInterval(() => {
        if (!existsSync(TARGET + ".go")) return;
        writeFileSync(TARGET, ${JSON.stringify(JSON.stringify(MANIFEST))});
        clearInterval(timer);
      }, 20);
    `);
    build.start();
    const meanwhile = await at.fetch("/graphql", { headers: BROWSER });
    expect([meanwhile.status, meanwhile.headers.get("refresh"), meanwhile.headers.get("retry-after")]).toEqual([
      503,
      "2",
      "2",
    ]);
    expect(meanwhile.text).toContain("is being built");
    await writeFile(join(target, "manifest.json.go"), "");
    await build.ended;
    expect(titleOf(await at.fetch("/graphql", { headers: BROWSER }))).toBe("crmesh: GraphiQL");
  });

  test("says that it could not be built, and the log says why", async () => {
    const { at, build, lines } = await building(`throw new Error("no bundler");`);
    build.start();
    await build.ended;
    const page = await at.fetch("/");
    expect([page.status, page.headers.get("refresh")]).toEqual([503, null]);
    expect(page.text).toContain("could not be built");
    expect(page.text).not.toContain("no bundler");
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { msg: "The explorer could not be built", problem: expect.stringContaining("no bundler") },
    ]);
  });

  test("is not built any more after the server has stopped", async () => {
    const { at, build, lines } = await building("setInterval(() => {}, 1000);");
    build.start();
    await at.crmesh.close();
    expect(build.state).toBe("IDLE");
    expect(lines).toEqual([]);
  });
});
