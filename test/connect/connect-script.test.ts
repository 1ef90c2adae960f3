import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { transform } from "@swc/core";
import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { swcOptions } from "../../swc.config.js";

const SOURCE = fileURLToPath(new URL("../../src/connect/browser/connect.ts", import.meta.url));
const CRMESH = "https://connect.example";
const APP = "https://app.example";

let script: string;
beforeAll(async () => {
  script = (await transform(await readFile(SOURCE, "utf8"), swcOptions("ts"))).code;
});

/** As much of a browser as the script touches. */
class PlayedBrowser {
  readonly popup = {
    closed: false,
    visited: [] as string[],
    location: {},
    close: () => void (this.popup.closed = true),
  };
  readonly opened: string[] = [];
  blocks = false;
  #listeners: ((event: unknown) => void)[] = [];
  #timers: (() => void)[] = [];
  readonly Crmesh: { connect(options: unknown): { close(): void } };
  readonly told: unknown[] = [];

  constructor() {
    class HTMLScriptElement {
      src = `${CRMESH}/connect.js`;
    }
    const { popup } = this;
    popup.location = { replace: (url: string) => void popup.visited.push(url) };
    const window = {
      location: { origin: APP },
      screenX: 100,
      screenY: 0,
      outerWidth: 1000,
      outerHeight: 1000,
      open: (url: string) => {
        this.opened.push(url);
        return this.blocks ? null : popup;
      },
      addEventListener: (_type: string, listener: (event: unknown) => void) => void this.#listeners.push(listener),
      removeEventListener: (_type: string, listener: unknown) =>
        void (this.#listeners = this.#listeners.filter((one) => one !== listener)),
    };
    const context = createContext({
      window,
      document: { currentScript: new HTMLScriptElement() },
      HTMLScriptElement,
      URL,
      setInterval: (poll: () => void) => this.#timers.push(poll),
      clearInterval: () => void (this.#timers = []),
      TypeError,
      Error,
    });
    runInContext(script, context);
    this.Crmesh = (context as unknown as { Crmesh: PlayedBrowser["Crmesh"] }).Crmesh;
  }

  connect(options: Record<string, unknown> = { token: "ct_1" }) {
    const tell = (name: string) => (value: unknown) => this.told.push([name, value]);
    const callbacks = { onSuccess: tell("success"), onExit: tell("exit"), onError: tell("error") };
    return this.Crmesh.connect({ ...callbacks, ...options });
  }

  message(data: unknown, from: { origin?: string; source?: unknown } = {}): void {
    for (const listen of [...this.#listeners]) listen({ origin: CRMESH, source: this.popup, data, ...from });
  }

  poll(): void {
    for (const timer of [...this.#timers]) timer();
  }

  get isWatching(): boolean {
    return this.#listeners.length > 0 || this.#timers.length > 0;
  }
}

let browser: PlayedBrowser;
beforeEach(() => {
  browser = new PlayedBrowser();
});

const SUCCESS = { source: "crmesh", type: "success", connectionId: "conn_1", provider: "hubspot" };

test("opens the page at once, and names its own origin", () => {
  browser.connect();
  expect(browser.opened).toEqual([`${CRMESH}/connect?token=ct_1&origin=${encodeURIComponent(APP)}`]);
});

test("opens a link as it is", () => {
  browser.connect({ url: `${CRMESH}/connect?token=ct_2` });
  expect(browser.opened).toEqual([`${CRMESH}/connect?token=ct_2&origin=${encodeURIComponent(APP)}`]);
});

test("opens the window before a token is fetched", async () => {
  browser.connect({ token: async () => "ct_3" });
  expect(browser.opened).toEqual([""]);
  await new Promise(setImmediate);
  expect(browser.popup.visited).toEqual([`${CRMESH}/connect?token=ct_3&origin=${encodeURIComponent(APP)}`]);
});

test.each([
  ["that cannot be fetched", async () => Promise.reject(new Error("No session")), /No session/],
  ["that is none", async () => "nonsense", /createConnectToken/],
])("a token %s closes the window", async (_which, token, message) => {
  browser.connect({ token });
  await new Promise(setImmediate);
  expect(browser.told).toEqual([["error", { code: "TOKEN_FAILED", message: expect.stringMatching(message) }]]);
  expect(browser.popup.closed).toBe(true);
});

test("reports success once, closes the window and stops watching", () => {
  browser.connect();
  browser.message(SUCCESS);
  browser.message(SUCCESS);
  browser.poll();
  expect(browser.told).toEqual([["success", { connectionId: "conn_1", provider: "hubspot" }]]);
  expect(browser.popup.closed).toBe(true);
  expect(browser.isWatching).toBe(false);
});

test.each([
  ["another origin", { origin: "https://evil.example" }, SUCCESS],
  ["another window", { source: {} }, SUCCESS],
  ["something else", {}, { type: "success", connectionId: "x", provider: "y" }],
  ["nothing", {}, null],
])("does not listen to %s", (_who, from, data) => {
  browser.connect();
  browser.message(data, from);
  expect(browser.told).toEqual([]);
  expect(browser.popup.closed).toBe(false);
});

test("reports the end user's cancelling, and a closed window", () => {
  browser.connect();
  browser.message({ source: "crmesh", type: "exit" });
  expect(browser.told).toEqual([["exit", { reason: "cancelled" }]]);

  const other = new PlayedBrowser();
  other.connect();
  other.poll();
  expect(other.told).toEqual([]);
  other.popup.closed = true;
  other.poll();
  other.poll();
  expect(other.told).toEqual([["exit", { reason: "closed" }]]);
});

describe("a link that is not good any more", () => {
  const EXPIRED = { source: "crmesh", type: "error", code: "TOKEN_EXPIRED", message: "This link has expired" };

  test("is reported, and the window closed", () => {
    browser.connect();
    browser.message(EXPIRED);
    expect(browser.told).toEqual([["error", { code: "TOKEN_EXPIRED", message: "This link has expired" }]]);
    expect(browser.popup.closed).toBe(true);
  });

  test("stays explained to the end user where the page takes no errors", () => {
    browser.connect({ token: "ct_1", onError: undefined });
    browser.message(EXPIRED);
    expect(browser.popup.closed).toBe(false);
    expect(browser.isWatching).toBe(false);
  });
});

test("reports a blocked window", () => {
  browser.blocks = true;
  browser.connect();
  expect(browser.told).toEqual([["error", { code: "POPUP_BLOCKED", message: expect.any(String) }]]);
  expect(browser.isWatching).toBe(false);
});

test("close() closes the window and calls nobody", () => {
  browser.connect().close();
  browser.message(SUCCESS);
  expect(browser.popup.closed).toBe(true);
  expect(browser.told).toEqual([]);
});

test.each([
  [undefined, /expected an object/],
  [{}, /either “token” or “url”/],
  [{ token: "ct_1", url: `${CRMESH}/connect?token=ct_1` }, /either “token” or “url”/],
  [{ token: "sk_test_1" }, /“token” must be/],
  [{ token: 1 }, /“token” must be/],
  [{ url: "https://evil.example/connect?token=ct_1" }, /Connect link of https:\/\/connect\.example/],
  [{ url: `${CRMESH}/graphql` }, /Connect link/],
  [{ token: "ct_1", onSuccess: "x" }, /“onSuccess” must be a function/],
  [{ token: "ct_1", onSucces: () => undefined }, /unknown option “onSucces”/],
])("refuses %j", (options, message) => {
  expect(() => browser.Crmesh.connect(options)).toThrow(message);
  expect(browser.opened).toEqual([]);
});
