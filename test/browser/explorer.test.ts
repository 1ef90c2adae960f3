import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { ExplorerBuild } from "../../src/http/explorer/build.js";
import { Bundle } from "../../src/http/explorer/bundle.js";
import { createLogger } from "../../src/observability/logger.js";
import type { AnsweredError, Call } from "../support/test-server.js";
import { Ground, type TestServer } from "../support/test-server.js";
import { launchOffline } from "./support/chromium.js";

/** A folder for pictures of the pages; none are taken without it. */
const PICTURES = process.env["CRMESH_SCREENSHOTS"];
const TITLES = ["AllConnections", "MeetingsOfOnePerson", "CreateMeeting", "RehearsedFailure", "UpstreamCalls"];
/** As a user would type it in. It need not work. */
const LIVE_KEY = "sk_live_0123456789abcdef";

let ground: Ground;
let server: TestServer;
let browser: Browser;
/** What the browser of the test has to complain about, and each request that leaves the server's own origin. */
let complaints: string[];
beforeAll(async () => {
  if ((await new Bundle().manifest()) === null) throw new Error("npm run build:explorer must be run before this test.");
  [ground, browser] = await Promise.all([Ground.open(), launchOffline()]);
  server = await ground.serve();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});
afterAll(async () => {
  await browser.close();
  await ground.close();
});

async function context(at = server): Promise<BrowserContext> {
  complaints = [];
  const made = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  made.setDefaultTimeout(120_000);
  made.on("page", (page) => {
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
  });
  made.on("request", (request) => {
    if (!request.url().startsWith(`${at.crmesh.origin}/`))
      complaints.push(`A request to ${request.url().slice(0, 200)}`);
  });
  return made;
}

async function open(path = "/", at = server): Promise<Page> {
  const page = await (await context(at)).newPage();
  await page.goto(`${at.crmesh.origin}${path}`);
  await ready(page);
  return page;
}

async function ready(page: Page): Promise<void> {
  await page.locator(".graphiql-query-editor .view-line").first().waitFor();
  // The docs are there: the introspection has been answered.
  await page.waitForFunction(
    () => document.querySelector(".graphiql-sidebar .graphiql-spin, .graphiql-spinner") === null,
  );
}

const titles = (page: Page) => page.locator(".graphiql-tab-button").allInnerTexts();
const tab = (page: Page, title: string) => page.locator(".graphiql-tab-button", { hasText: title });
/** The text of an editor, without the spaces that Monaco shows in their place. */
const textOf = async (page: Page, editor: string) =>
  (await page.locator(`${editor} .view-line`).allInnerTexts()).join("\n").replaceAll("\u00a0", " ");

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES) await page.screenshot({ path: join(PICTURES, `explorer-${name}.png`) });
}

interface Shown {
  data?: Record<string, unknown>;
  errors?: AnsweredError[];
  extensions?: { calls?: Call[]; price?: object; http?: { status: number } };
}

/** Presses the button of the query. @returns what the server answered, once the page shows it */
async function execute(page: Page): Promise<Shown> {
  const [answer] = await Promise.all([
    page.waitForResponse((response) => new URL(response.url()).pathname === "/graphql"),
    page.getByRole("button", { name: /^Execute query/ }).click(),
  ]);
  const body = (await answer.json()) as Shown;
  const first = body.extensions?.calls ? "calls" : Object.keys(body)[0]!;
  await page
    .locator(".graphiql-response .view-line", { hasText: `"${first}"` })
    .first()
    .waitFor();
  return body;
}

describe("GraphiQL without a network", () => {
  test.each(["/", "/graphql"])("%s opens with the examples, the test key and the end user", async (path) => {
    const page = await open(path);
    expect(await titles(page)).toEqual(TITLES);
    expect(await textOf(page, ".graphiql-query-editor")).toContain("query AllConnections {");
    const headers = await textOf(
      page,
      '.graphiql-editor-tool section, .graphiql-editor-tool [class*="graphiql-editor"]',
    );
    expect(headers).toContain('"Authorization": "Bearer sk_test_demo"');
    expect(headers).toContain('"X-End-User-Id": "demo"');
    await picture(page, "first-look");
    expect(complaints).toEqual([]);
  });

  test("every example answers as it is meant", async () => {
    const page = await open();
    const expected: Record<string, (shown: Shown) => void> = {
      AllConnections: ({ data, errors }) => {
        expect(errors).toBeUndefined();
        expect(data!["connections"]).toHaveLength(10);
      },
      MeetingsOfOnePerson: ({ data, errors }) => {
        expect(errors).toBeUndefined();
        expect(data).toMatchObject({ contacts: { nodes: [{ meetings: { nodes: [{ title: expect.any(String) }] } }] } });
      },
      CreateMeeting: ({ data, errors, extensions }) => {
        expect(errors).toBeUndefined();
        expect([data, extensions]).toMatchObject([
          { createMeeting: { title: "Product demo" } },
          { http: { status: 201 } },
        ]);
      },
      RehearsedFailure: ({ data, errors }) => {
        expect(data!["connections"]).toHaveLength(10);
        expect(errors!.map(({ extensions: { provider } }) => provider).sort()).toEqual(["hubspot", "odoo"]);
      },
      UpstreamCalls: ({ errors, extensions }) => {
        expect(errors).toBeUndefined();
        expect(extensions).toMatchObject({ calls: expect.any(Array), price: expect.any(Object) });
      },
    };
    for (const title of TITLES) {
      await tab(page, title).click();
      // At once: GraphiQL still names the operation of the tab before.
      expected[title]!(await execute(page));
      await picture(page, title);
    }
    expect(complaints).toEqual([]);
  });

  test("has documentation, completion and a history", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
    await page.locator(".graphiql-doc-explorer-content").getByText("Query", { exact: true }).click();
    await page.locator(".graphiql-doc-explorer-content").getByText("contacts", { exact: true }).waitFor();
    await picture(page, "documentation");

    await execute(page);
    await page.getByRole("button", { name: "Show History" }).click();
    await page.locator(".graphiql-history-item", { hasText: "AllConnections" }).first().waitFor();
    await picture(page, "history");

    // The workers run: one knows the schema, and completes what is typed in.
    await page.getByRole("button", { name: "New tab" }).click();
    await page.locator(".graphiql-query-editor .view-lines").click();
    await page.keyboard.type("{ conn");
    await page.keyboard.press("Control+Space");
    await page.locator(".suggest-widget .monaco-list-row", { hasText: "connectionEvents" }).waitFor();
    await picture(page, "completion");
    expect(complaints).toEqual([]);
  });

  test("comes back as it was left, and a key that was typed in is not stored", async () => {
    const page = await open();
    await tab(page, "RehearsedFailure").click();
    const editor = page.locator(".graphiql-editor-tool .view-lines:visible").last();
    await editor.getByText("sk_test_demo").dblclick();
    await page.keyboard.type(LIVE_KEY);
    await page.waitForFunction(
      (key) => [...document.querySelectorAll(".view-line")].some((line) => line.textContent.includes(key)),
      LIVE_KEY,
    );
    await page.getByRole("button", { name: /^Execute query/ }).click();
    await page.locator(".graphiql-response .view-line", { hasText: "INVALID_API_KEY" }).waitFor();
    // GraphiQL stores after a moment what has changed.
    await page.waitForFunction(
      (index) =>
        localStorage.getItem("graphiql:queries")?.includes("RehearsedFailure") &&
        localStorage.getItem("graphiql:tabState")?.includes(`"activeTabIndex":${index}`),
      TITLES.indexOf("RehearsedFailure"),
    );
    await page.reload();
    await ready(page);
    expect(await titles(page)).toEqual(TITLES);
    expect(await textOf(page, ".graphiql-query-editor")).toContain("query RehearsedFailure {");
    expect(await editor.innerText()).toContain("X-Sandbox-Fault");
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain(LIVE_KEY.slice(-8));
    expect(await page.content()).not.toContain(LIVE_KEY);
  });

  test("in production, it offers no key, and shows what crmesh says without one", async () => {
    const production = await ground.serve({
      config: { production: true, sandbox: true, introspection: true, explorer: "graphiql" },
    });
    const page = await open("/", production);
    expect(await titles(page)).toEqual(TITLES.filter((title) => title !== "RehearsedFailure"));
    expect(await page.content()).not.toContain("sk_test_demo");
    expect((await execute(page)).errors).toMatchObject([{ extensions: { code: "INVALID_API_KEY" } }]);
  });
});

test("a page that is opened while the explorer is built becomes the explorer by itself", async () => {
  const folder = await mkdtemp(join(tmpdir(), "crmesh-explorer-"));
  const [script, go] = [join(folder, "build.mjs"), join(folder, "go")];
  const wait = `const timer = setInterval(() => existsSync(${JSON.stringify(go)}) && clearInterval(timer), 20);`;
  await writeFile(script, `import { existsSync } from "node:fs"; ${wait}`);
  const explorerBuild = new ExplorerBuild(createLogger("silent"), script);
  const at = await ground.serve({ explorerBuild });
  explorerBuild.start();
  const page = await (await context(at)).newPage();
  expect((await page.goto(at.crmesh.origin))!.status()).toBe(503);
  await page.getByRole("heading", { name: "The explorer is being built" }).waitFor();
  await picture(page, "being-built");
  await writeFile(go, "");
  await ready(page);
  expect(await titles(page)).toEqual(TITLES);
  // What it says about the page that is not there yet is its status.
  expect(complaints.filter((text) => !text.includes("503"))).toEqual([]);
  await rm(folder, { recursive: true });
});

describe("Apollo Sandbox", () => {
  const SCRIPT = "https://embeddable-sandbox.cdn.apollographql.com/**";

  test("is linked from GraphiQL. Without a network it says what it needs, and links back", async () => {
    const page = await open();
    await page.getByRole("link", { name: "Apollo Sandbox" }).click();
    await page.getByText("Apollo Sandbox cannot be loaded").waitFor();
    await picture(page, "sandbox-offline");
    await page.getByRole("link", { name: "GraphiQL, which works offline" }).click();
    await ready(page);
    expect(await titles(page)).toEqual(TITLES);
    // The one thing that it loads from elsewhere.
    expect(complaints.filter((text) => text.startsWith("A request"))).toEqual([
      expect.stringMatching(/^A request to https:\/\/embeddable-sandbox\.cdn\.apollographql\.com\//),
    ]);
  });

  test("gets the graph of this server, the first example and the test key, and no telemetry", async () => {
    const page = await (await context()).newPage();
    // What Apollo's script defines. It shows what it was given.
    const body =
      "window.EmbeddedSandbox = class { constructor(options) { document.title = JSON.stringify(options); } };";
    await page.route(SCRIPT, (route) => route.fulfill({ contentType: "text/javascript", body }));
    await page.goto(`${server.crmesh.origin}/explorer/sandbox`);
    await page.waitForFunction(() => document.title.startsWith("{"));
    expect(JSON.parse(await page.title())).toMatchObject({
      target: "#explorer",
      initialEndpoint: `${server.crmesh.origin}/graphql`,
      runTelemetry: false,
      initialState: {
        document: expect.stringContaining("query AllConnections"),
        sharedHeaders: { Authorization: "Bearer sk_test_demo", "X-End-User-Id": "demo" },
      },
    });
  });
});
