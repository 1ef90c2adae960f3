import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ConnectTokens } from "../../src/connections/linking/connect-tokens.js";
import { derivedKeys } from "../../src/store/derived-keys.js";
import { parseEncryptionKeys } from "../../src/store/encryption-keys.js";
import { flaws } from "./support/inspection.js";
import { BrowserStage, closed, heading, resultOn } from "./support/stage.js";

let stage: BrowserStage;
beforeAll(async () => {
  stage = await BrowserStage.open();
});
afterAll(() => stage.close());

/** A link as the server would have made it twenty minutes ago. */
async function expiredLink(): Promise<string> {
  const tokens = new ConnectTokens({
    keys: derivedKeys(parseEncryptionKeys(stage.encryptionKey), "connect tokens"),
    spent: { spend: async () => true } as never,
    publicUrl: () => stage.origin,
    now: () => Date.now() - 20 * 60_000,
  });
  const grant = {
    workspaceId: "ws_1",
    environment: "live",
    endUserId: "eu_1",
    provider: null,
    connectionId: null,
    redirectUrl: null,
  } as const;
  return (await tokens.issue(grant)).url;
}

describe("a link that does not work", () => {
  test.each([
    ["expired", 410, "This link has expired", expiredLink],
    ["malformed", 404, "This link does not work", async () => `${stage.origin}/connect?token=ct_nonsense`],
    ["without a token", 404, "This link does not work", async () => `${stage.origin}/connect`],
  ])("because it is %s, says so calmly", async (name, status, title, make) => {
    const page = await (await stage.context()).newPage();
    const response = await page.goto(await make());
    expect(response!.status()).toBe(status);
    expect(await heading(page)).toBe(title);
    expect(await page.content()).not.toMatch(/ at .*\.js|stack|node_modules/i);
    expect(await flaws(page, `link-${name.replaceAll(" ", "-")}`)).toEqual([]);
  });

  test("because it is spent, says so in another browser, and goes on in its own", async () => {
    const link = await stage.link({ endUserId: "twice" });
    const [own, other] = [await (await stage.context()).newPage(), await (await stage.context()).newPage()];
    await own.goto(link);
    expect(new URL(own.url()).search).toBe("");
    expect((await other.goto(link))!.status()).toBe(410);
    expect(await heading(other)).toBe("This link has already been used");
    expect(await flaws(other, "link-spent")).toEqual([]);
    await own.goto(link);
    expect(await heading(own)).toBe("Connect your CRM");
  });

  test("is told to the page that opened it", async () => {
    const context = await stage.context();
    const page = await context.newPage();
    await page.goto(await stage.example("late"));
    const link = await expiredLink();
    const [popup] = await Promise.all([
      page.waitForEvent("popup"),
      page.evaluate((url) => {
        const { Crmesh } = globalThis as unknown as { Crmesh: { connect(options: object): void } };
        const result = document.querySelector("#result")!;
        Crmesh.connect({ url, onError: ({ code }: { code: string }) => (result.textContent = code) });
      }, link),
    ]);
    await resultOn(page).getByText("TOKEN_EXPIRED").waitFor();
    await closed(popup);
  });
});

describe("leaving", () => {
  test("by Cancel is an exit, and closes the window", async () => {
    const { page, popup } = await stage.press("cancels");
    await popup.getByRole("link", { name: "Cancel" }).click();
    await resultOn(page).getByText("Cancelled.").waitFor();
    await closed(popup);
  });

  test("by closing the window is an exit", async () => {
    const { page, popup } = await stage.press("closes");
    await popup.close();
    await resultOn(page).getByText("The window was closed.").waitFor();
  });
});

test("a page of another origin than the redirect URL’s is refused, and told nothing", async () => {
  const [home, stranger] = [await stage.example("owner"), await stage.example("stranger")];
  const link = await stage.link({ endUserId: "owner", redirectUrl: home });
  const context = await stage.context();
  const page = await context.newPage();
  await page.goto(stranger);
  const [popup] = await Promise.all([
    page.waitForEvent("popup"),
    page.evaluate((url) => {
      const messages: unknown[] = [];
      Object.assign(globalThis, { messages });
      window.addEventListener("message", ({ data }) => messages.push(data));
      const { Crmesh } = globalThis as unknown as { Crmesh: { connect(options: object): void } };
      Crmesh.connect({ url });
    }, link),
  ]);
  await popup.getByRole("heading", { level: 1 }).waitFor();
  expect(await flaws(popup, "wrong-origin")).toEqual([]);
  expect(await popup.locator("[data-report]").count()).toBe(0);
  expect(await page.evaluate(() => (globalThis as unknown as { messages: unknown[] }).messages)).toEqual([]);
});

test("the pages cannot be framed", async () => {
  const page = await (await stage.context()).newPage();
  await page.goto(await stage.example("framer"));
  const link = await stage.link({ endUserId: "framer" });
  const framed = await page.evaluate(
    (url) =>
      new Promise<string>((resolve) => {
        const frame = document.createElement("iframe");
        frame.onload = () => resolve(frame.contentDocument === null ? "foreign" : "ours");
        frame.src = url;
        document.body.append(frame);
      }),
    link,
  );
  expect(framed).toBe("foreign");
  const inner = page.frames().find((frame) => frame !== page.mainFrame())!;
  expect(await inner.locator("h1", { hasText: "Connect your CRM" }).count()).toBe(0);
  // The browser complains that the page cannot be framed, and that the server refused to answer a frame. It should.
  const expected = /frame-ancestors|status of 503/;
  const others = stage.complaints.filter((complaint) => !expected.test(complaint));
  stage.complaints.splice(0, Infinity, ...others);
});

test("no browser had anything to complain about", () => {
  expect(stage.complaints).toEqual([]);
});
