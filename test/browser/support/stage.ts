import { randomBytes } from "node:crypto";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core";
import { providers } from "../../../src/providers/index.js";
import { SANDBOX_OAUTH_CLIENT, startSandbox, type Sandbox } from "../../../src/sandbox/public.js";
import type { Environment } from "../../../src/store/schema.js";
import type { AnsweredError } from "../../support/test-server.js";
import { Processes } from "../../support/processes.js";
import { launchChromium } from "./chromium.js";

const EXAMPLE = fileURLToPath(new URL("../../../examples/connect/server.mjs", import.meta.url));
/**
 * What one file stands on: the built server with a key, the example product, and Chromium. With a live key, a sandbox in
 * this process plays the CRMs. With a test key, the server's own sandbox does, and no browser may reach its ports.
 */
export class BrowserStage {
  readonly sandbox: Sandbox;
  readonly origin: string;
  readonly key: string;
  readonly encryptionKey: string;
  /** What a browser has to complain about on pages of crmesh. */
  readonly complaints: string[] = [];
  readonly #browser: Browser;
  readonly #processes: Processes;
  readonly #examples: ChildProcess[] = [];
  readonly #contexts: BrowserContext[] = [];
  readonly #dataDir: string;
  readonly #origins = new Set<string>();

  private constructor(parts: {
    sandbox: Sandbox;
    origin: string;
    key: string;
    encryptionKey: string;
    browser: Browser;
    processes: Processes;
    dataDir: string;
    mode: Environment;
  }) {
    this.sandbox = parts.sandbox;
    this.origin = parts.origin;
    this.key = parts.key;
    this.encryptionKey = parts.encryptionKey;
    this.#browser = parts.browser;
    this.#processes = parts.processes;
    this.#dataDir = parts.dataDir;
    this.#origins.add(parts.origin);
    if (parts.mode === "live") for (const origin of parts.sandbox.origins.values()) this.#origins.add(origin);
  }

  static async open({ mode = "live" }: { mode?: Environment } = {}): Promise<BrowserStage> {
    const encryptionKey = `browser:${randomBytes(32).toString("base64")}`;
    const dataDir = await mkdtemp(join(tmpdir(), "crmesh-browser-"));
    const sandbox = await startSandbox();
    const processes = new Processes();
    const { id, secret } = SANDBOX_OAUTH_CLIENT;
    const environment = {
      NODE_ENV: "production",
      // No balancer is there that would have to see that a server goes.
      CRMESH_DRAIN_MS: "0",
      PORT: "0",
      CRMESH_DATA_DIR: dataDir,
      CRMESH_ENCRYPTION_KEY: encryptionKey,
      CRMESH_LOG_LEVEL: "debug",
      CRMESH_SANDBOX: mode === "test" ? "on" : "off",
      ...Object.fromEntries(
        providers.all.flatMap(({ slug, oauth }) => {
          const variable = `CRMESH_${slug.toUpperCase()}`;
          const client: [string, string][] = [
            [`${variable}_CLIENT_ID`, id],
            [`${variable}_CLIENT_SECRET`, secret],
          ];
          return [[`${variable}_BASE_URL`, sandbox.origins.get(slug)!], ...(oauth ? client : [])];
        }),
      ),
    };
    // The embedded database belongs to one process at a time: first the key, then the server.
    const making = processes.start(
      ["keys", "create", "--env", mode, "--name", "browser", "--workspace", "default", "--create-workspace"],
      environment,
    );
    await making.exited;
    const key = /sk_(?:live|test)_\w+/.exec(making.output)![0];
    const [browser, origin] = await Promise.all([launchChromium(), processes.start(["serve"], environment).origin]);
    return new BrowserStage({ sandbox, origin, key, encryptionKey, browser, processes, dataDir, mode });
  }

  /** All that the server has written. */
  get log(): string {
    return this.#processes.output;
  }

  /** Another browser, with no cookies. */
  async context(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.#browser.newContext(options);
    context.setDefaultTimeout(20_000);
    this.#contexts.push(context);
    context.on("page", (page) => this.#listen(page));
    context.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol.startsWith("http") && !this.#origins.has(origin)) this.complaints.push(`A request to ${origin}`);
    });
    return context;
  }

  #listen(page: Page): void {
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("console", (message) => {
      // A page that says “410” in its status does so on purpose.
      const isStatus = /Failed to load resource: the server responded with a status of 4\d\d/.test(message.text());
      if (message.type() === "error" && !isStatus) this.complaints.push(message.text());
    });
  }

  /** The example product with this customer of its own logged in. @returns where its page is */
  async example(endUserId: string): Promise<string> {
    const child = spawn(process.execPath, [EXAMPLE], {
      env: { PORT: "0", CRMESH_URL: this.origin, CRMESH_API_KEY: this.key, END_USER_ID: endUserId },
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#examples.push(child);
    const url = await new Promise<string>((resolve, reject) => {
      child.once("error", reject);
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0];
        if (found) resolve(found);
      });
    });
    this.#origins.add(url);
    return url;
  }

  /** Opens the example and presses its button. */
  async press(endUserId: string, options?: BrowserContextOptions): Promise<{ page: Page; popup: Page }> {
    const context = await this.context(options);
    const page = await context.newPage();
    await page.goto(await this.example(endUserId));
    return { page, popup: await pressAgain(page) };
  }

  async query<Data>(
    document: string,
    options: { endUserId?: string; provider?: string; variables?: object; fault?: string } = {},
  ): Promise<{ data: Data; errors?: AnsweredError[] }> {
    const { endUserId = "nobody", provider, variables, fault } = options;
    const response = await fetch(`${this.origin}/graphql${provider === undefined ? "" : `?provider=${provider}`}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${this.key}`,
        "x-end-user-id": endUserId,
        ...(fault === undefined ? {} : { "x-sandbox-fault": fault }),
      },
      body: JSON.stringify({ query: document, variables }),
    });
    return (await response.json()) as { data: Data; errors?: AnsweredError[] };
  }

  /** A Connect link, as a backend gets one. */
  async link(input: { endUserId: string; provider?: string; redirectUrl?: string }): Promise<string> {
    const document = "mutation ($input: CreateConnectTokenInput!) { createConnectToken(input: $input) { url } }";
    const { data } = await this.query<{ createConnectToken: { url: string } }>(document, { variables: { input } });
    return data.createConnectToken.url;
  }

  async connections(endUserId: string) {
    const { data } = await this.query<{ connections: Record<string, unknown>[] }>(
      "{ connections { id status accountName scopes tokenExpiresAt provider { slug } } }",
      { endUserId },
    );
    return data.connections;
  }

  async close(): Promise<void> {
    await Promise.all(this.#contexts.map((context) => context.close()));
    await this.#browser.close();
    for (const example of this.#examples) example.kill();
    await this.#processes.end();
    await this.sandbox.close();
    await rm(this.#dataDir, { recursive: true, force: true });
  }
}

export async function pressAgain(page: Page): Promise<Page> {
  const [popup] = await Promise.all([
    page.waitForEvent("popup"),
    page.getByRole("button", { name: "Connect your CRM" }).click(),
  ]);
  await popup.waitForURL(/\/connect\//);
  return popup;
}

/** Waits until a window is gone, if it is not yet. */
export async function closed(page: Page): Promise<void> {
  if (!page.isClosed()) await page.waitForEvent("close");
}

/** What the example's page says came of it. */
export function resultOn(page: Page) {
  return page.locator("#result");
}

export async function heading(page: Page): Promise<string> {
  return page.getByRole("heading", { level: 1 }).innerText();
}
