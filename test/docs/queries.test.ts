import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { buildSchema, Kind, parse, validate } from "graphql";
import { printedCommands } from "../support/printed-commands.js";
import { Ground, type TestServer } from "../support/test-server.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const read = (name: string): string => readFileSync(`${ROOT}${name}`, "utf8");
const PAGES = ["README.md", ...readdirSync(`${ROOT}docs`).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith(".md"),
);
const SCHEMA = buildSchema(read("schema.graphql"));
const BLOCK = /```graphql\n([\s\S]*?)```(?:\s*```json\n([\s\S]*?)```)?/g;
const PRINTED_ORIGIN = "http://127.0.0.1:4000";

/** Operations that can only be validated here, and why. */
const NOT_RUN = new Map([
  ["Connect", "needs an account at a real CRM"],
  ["People", "the page gives no value for its variable; test/docs/traced-request.test.ts runs it"],
  ["Plan", "the page gives no value for its variable; test/docs/traced-request.test.ts runs it"],
]);

interface Printed {
  page: string;
  name: string;
  document: string;
  variables: Record<string, unknown>;
}

/** The operations in the blocks of a page, each with the variables that the page gives. Other blocks are SDL. */
function operationsOf(page: string): Printed[] {
  return [...read(page).matchAll(BLOCK)].flatMap(([, document, json]) => {
    const [definition] = parse(document!).definitions;
    if (definition?.kind !== Kind.OPERATION_DEFINITION) return [];
    const name = definition.name?.value ?? document!.trim().slice(0, 40);
    const variables = json === undefined ? {} : (JSON.parse(json) as Record<string, unknown>);
    return [{ page, name, document: document!, variables }];
  });
}

/** The curl commands of a page that ask a running crmesh. */
const curlsOf = (page: string): { page: string; command: string }[] =>
  printedCommands(page)
    .filter((block) => block.startsWith(`curl ${PRINTED_ORIGIN}/graphql`))
    .map((command) => ({ page, command }));

const OPERATIONS = PAGES.flatMap(operationsOf);
/** Those of docs/sandbox.md are one story: test/e2e/rehearsed-reconnect.test.ts runs them. */
const CURLS = PAGES.filter((page) => page !== "docs/sandbox.md").flatMap(curlsOf);

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
});
afterAll(() => ground.close());

test("the pages have operations and commands", () => {
  expect(OPERATIONS.length).toBeGreaterThanOrEqual(6);
  expect(CURLS.length).toBeGreaterThanOrEqual(2);
  for (const name of NOT_RUN.keys()) expect(OPERATIONS.map((operation) => operation.name)).toContain(name);
});

test.each(OPERATIONS)("$page: $name is valid", ({ document }) => {
  expect(validate(SCHEMA, parse(document))).toEqual([]);
});

test.each(OPERATIONS.filter(({ name }) => !NOT_RUN.has(name)))(
  "$page: $name is answered without errors",
  async ({ page, document, variables }) => {
    // The reader of the first page has no header yet that names the end user.
    const endUserId = page === "docs/getting-started.md" ? null : "demo";
    const { status, body } = await server.query(document, { variables, endUserId });
    expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined });
  },
);

test.each(CURLS)("$page: $command", async ({ command }) => {
  const answer = JSON.parse(await output(command.replaceAll(PRINTED_ORIGIN, server.crmesh.origin))) as {
    data: { connections: object[] };
    errors?: { extensions: { code: string; provider: string } }[];
  };
  expect(answer.data.connections).toHaveLength(10);
  // Only a command that rehearses failures may have errors: those of the CRMs that it names.
  const rehearsed = [...command.matchAll(/(\w+)=[A-Z_]+/g)].map(([, slug]) => slug);
  expect((answer.errors ?? []).map(({ extensions }) => extensions.provider).sort()).toEqual(rehearsed.sort());
});

/** What a shell command writes to standard output. */
function output(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const shell = spawn("sh", ["-e", "-c", command], { stdio: ["ignore", "pipe", "ignore"] });
    let text = "";
    shell.stdout.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    shell.once("error", reject);
    shell.once("close", (code) => (code === 0 ? resolve(text) : reject(new Error(`curl ended with status ${code}.`))));
  });
}
