import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import { flaws } from "./support/inspection.js";
import { BrowserStage, heading, resultOn } from "./support/stage.js";

let stage: BrowserStage;
beforeAll(async () => {
  stage = await BrowserStage.open();
});
afterAll(() => stage.close());

const RIGHT_KEY = "odoo-sandbox-acme";
const WRONG_KEY = "not-the-right-key";

async function fill(page: Page, apiKey: string): Promise<void> {
  await page.getByLabel("Address").fill("https://acme.odoo.com");
  await page.getByLabel("Database").fill("acme");
  await page.getByLabel("Login").fill("admin@acme.example");
  await page.getByLabel("API key").fill(apiKey);
}

describe("Odoo’s form", () => {
  test("says in plain words what is missing and what Odoo refuses, keeps all but the secret, and then connects", async () => {
    const { page, popup } = await stage.press("fills-in");
    await popup.getByRole("link", { name: "Connect Odoo" }).click();
    expect(await flaws(popup, "form")).toEqual([]);

    await popup.getByRole("button", { name: "Connect Odoo" }).click();
    await popup.getByRole("alert").getByText("Check what you entered").waitFor();
    expect(await popup.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("alert");
    expect(await flaws(popup, "form-empty")).toEqual([]);

    await fill(popup, WRONG_KEY);
    await popup.getByRole("button", { name: "Connect Odoo" }).click();
    const alert = popup.getByRole("alert");
    await alert.getByText("Odoo did not accept this").waitFor();
    await alert
      .getByText("Odoo refused this combination of database, login and API key. Check each of them.")
      .waitFor();
    expect(await popup.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("alert");
    expect(await popup.getByLabel("Database").inputValue()).toBe("acme");
    expect(await popup.getByLabel("API key").inputValue()).toBe("");
    expect(await popup.content()).not.toContain(WRONG_KEY);
    expect(await flaws(popup, "form-refused")).toEqual([]);
    expect(await stage.connections("fills-in")).toEqual([]);

    await popup.getByLabel("API key").fill(RIGHT_KEY);
    await popup.getByRole("button", { name: "Connect Odoo" }).click();
    await resultOn(page)
      .getByText(/^Connected: odoo/)
      .waitFor();
    expect(await stage.connections("fills-in")).toMatchObject([{ status: "ACTIVE", accountName: "acme" }]);
  });

  test("works without a script", async () => {
    const context = await stage.context({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(await stage.link({ endUserId: "scriptless", provider: "odoo" }));
    await fill(page, WRONG_KEY);
    await page.getByRole("button", { name: "Connect Odoo" }).click();
    await page.getByText("Odoo did not accept this").waitFor();
    await page.getByLabel("API key").fill(RIGHT_KEY);
    await page.getByRole("button", { name: "Connect Odoo" }).click();
    expect(await heading(page)).toBe("Odoo is connected");
  });

  test("that is pressed twice is sent once", async () => {
    const context = await stage.context();
    const page = await context.newPage();
    let posts = 0;
    context.on("request", (request) => (posts += request.method() === "POST" ? 1 : 0));
    await page.goto(await stage.link({ endUserId: "impatient", provider: "odoo" }));
    await fill(page, RIGHT_KEY);
    await page.getByRole("button", { name: "Connect Odoo" }).dblclick();
    await page.getByRole("heading", { name: "Odoo is connected" }).waitFor();
    expect(posts).toBe(1);
  });
});

test("without a popup, the end user comes back with a word in the address, after a form too", async () => {
  const home = await stage.example("returns");
  const page = await (await stage.context()).newPage();
  await page.goto(await stage.link({ endUserId: "returns", provider: "odoo", redirectUrl: `${home}/?tab=crm` }));
  await fill(page, RIGHT_KEY);
  await page.getByRole("button", { name: "Connect Odoo" }).click();
  await page.waitForURL(`${home}/**`);
  const [connection] = await stage.connections("returns");
  expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({
    tab: "crm",
    status: "connected",
    provider: "odoo",
    connectionId: connection!["id"],
  });

  await page.goto(await stage.link({ endUserId: "returns", redirectUrl: home }));
  await page.getByRole("link", { name: "Done" }).click();
  await page.waitForURL(`${home}/?status=cancelled`);
});

test("no browser had anything to complain about, and no log has a secret", () => {
  expect(stage.complaints).toEqual([]);
  expect(stage.log).not.toMatch(new RegExp(`${RIGHT_KEY}|${WRONG_KEY}|ct_[\\w-]{20}`));
});
