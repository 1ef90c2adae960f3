import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { espocrmSandbox } from "../../../src/sandbox/crms/espocrm/index.js";
import { startSandboxServer, type SandboxServer } from "../../../src/sandbox/kit/server.js";
import { openEspo } from "../espocrm/native-client.js";
import { startRecordingProxy, type RecordingProxy } from "../stage/recording-proxy.js";
import { subjectOf, SLUGS } from "../subjects.js";
import { compare, restKind, type Performance } from "./compare.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const MAIN = ["--import", "./test/support/typescript-hooks.js", "test/contract/diff/main.ts"];
const JSON_TYPE = { "content-type": "application/json; charset=utf-8" };

function answered(
  url: string,
  status: number,
  body: unknown,
  headers: Record<string, string> = JSON_TYPE,
): Performance {
  const request = { method: "GET", url, headers: {}, body: "" };
  const answer = { status, headers, text: typeof body === "string" ? body : JSON.stringify(body) };
  return { operation: "read", exchanges: [{ request, answer }], code: null };
}

describe("a comparison", () => {
  const accepted = { request: "GET /people/{id}", place: "200 body.b*", sandbox: "absent", reason: "nothing reads it" };

  test("shows members, types, statuses, headers, outcomes and missing requests", () => {
    const real = [
      answered("/people/1", 200, { id: "a1", list: [{ n: 1 }], gone: null, big: true }),
      answered("/pets?limit=1", 404, "", { "content-type": "text/html", "retry-after": "1" }),
      { operation: "write", exchanges: [], code: "INVALID_INPUT" },
    ];
    const sandbox = [
      answered("/people/22", 200, { id: 7, list: [{ n: 2 }, { n: "x" }], more: [] }),
      answered("/pets?limit=5", 400, ""),
      { operation: "write", exchanges: [], code: null },
      answered("/towns", 200, []),
    ];
    const { kinds, differences, unused } = compare(real, sandbox, [accepted, { ...accepted, place: "nowhere" }]);
    expect(kinds).toEqual(["GET /people/{id}", "GET /pets ?limit", "GET /towns"]);
    const lines = differences.map((one) => [one.request, one.place, one.real, one.sandbox, one.accepted]);
    expect(lines).toEqual([
      ["write", "outcome", "INVALID_INPUT", "success", null],
      ["GET /people/{id}", "200 body.big", "boolean", "absent", "nothing reads it"],
      ["GET /people/{id}", "200 body.gone", "null", "absent", null],
      ["GET /people/{id}", "200 body.id", "string", "number", null],
      ["GET /people/{id}", "200 body.list[].n", "number", "number or string", null],
      ["GET /people/{id}", "200 body.more", "absent", "array", null],
      ["GET /pets ?limit", "status of read", "404", "400", null],
      ["GET /towns", "request", "absent", "sent", null],
    ]);
    expect(unused).toHaveLength(1);
  });

  test("compares the media type and whether a header is there, and takes null for any value", () => {
    const real = answered("/people/1", 200, { a: null, list: [] }, { "content-type": "text/html", "retry-after": "7" });
    const sandbox = answered("/people/1", 200, { a: 1, list: [{ b: 1 }] });
    expect(compare([real], [sandbox], []).differences.map(({ place }) => place)).toEqual([
      "200 header content-type",
      "200 header retry-after",
    ]);
  });

  test("the kind of a request has no ids, values and positions", () => {
    const url = "/api/v1/Contact/6b0d5ab42b014a9f3?where[0][type]=in&where[1][type]=equals&select=id";
    expect(restKind({ method: "GET", url, headers: {}, body: "" })).toBe(
      "GET /api/v1/Contact/{id} ?select&where[][type]",
    );
  });

  test("every sandbox says what it imitates", async () => {
    for (const slug of SLUGS) expect((await subjectOf(slug)).sandbox.imitates).toMatch(/\d/);
  });
});

/** Runs `npm run sandbox:diff` with a sandbox in the place of the real server. */
describe("sandbox:diff", () => {
  let server: SandboxServer;
  let proxy: RecordingProxy;
  const { apiKey = "" } = espocrmSandbox.typedCredential("diff");

  beforeEach(async () => {
    server = await startSandboxServer(espocrmSandbox);
    proxy = await startRecordingProxy(server.origin);
  });
  afterEach(async () => {
    await proxy.close();
    await server.close();
  });

  async function run(): Promise<{ code: number | null; output: string }> {
    const env = { PATH: process.env["PATH"], TZ: process.env["TZ"], CRMESH_LIVE_ESPOCRM_API_KEY: apiKey };
    const child = spawn(process.execPath, [...MAIN, "espocrm", "--url", proxy.origin], { cwd: ROOT, env });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, output }));
    });
  }

  test("finds no difference between a sandbox and itself, and removes its records", async () => {
    const client = await openEspo(server.origin, { apiKey });
    const before = await client.count("contact");
    const { code, output } = await run();
    expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/\b0 with others\./) });
    const [, kinds, same] = /: (\d+) kinds of requests, (\d+) answered the same/.exec(output)!;
    expect([same, Number(kinds) > 20]).toEqual([kinds, true]);
    expect(output).not.toContain(apiKey);
    expect(await client.count("contact")).toBe(before);
  });

  test("shows what a server answers otherwise, and fails", async () => {
    proxy.change = (text) => text.replaceAll('"assignedUserName"', '"assignedUserTitle"');
    const { code, output } = await run();
    expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(/, [1-9]\d* with others\./) });
    expect(output).toMatch(
      /^GET \/api\/v1\/Contact\/\{id\}\n( {2}.*\n)* {2}200 body\.assignedUserTitle: .* \| absent\n/m,
    );
  });
});
