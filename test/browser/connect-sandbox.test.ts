import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import { flaws } from "./support/inspection.js";
import { BrowserStage, heading, resultOn } from "./support/stage.js";

/** Connect in test mode, where the browser reaches only crmesh's own port. */

let stage: BrowserStage;
beforeAll(async () => {
  stage = await BrowserStage.open({ mode: "test" });
});
afterAll(() => stage.close());

test("a consent page of the sandbox opens on crmesh’s own origin, and connects", async () => {
  const { page, popup } = await stage.press("consents");
  await popup.getByRole("link", { name: "Connect HubSpot" }).click();
  await popup.getByText("no password").waitFor();
  expect(await flaws(popup, "sandbox-consent-choice")).toEqual([]);
  await popup.getByRole("link", { name: "Continue to HubSpot" }).click();
  await popup.getByLabel("Account to connect").waitFor();
  expect(popup.url()).toMatch(`${stage.origin}/sandbox/hubspot/oauth/authorize`);
  expect(await flaws(popup, "sandbox-consent")).toEqual([]);
  await popup.getByRole("button", { name: "Connect app" }).click();
  await resultOn(page)
    .getByText(/^Connected: hubspot/)
    .waitFor();
  expect(await stage.connections("consents")).toMatchObject([{ status: "ACTIVE" }]);
});

async function typeSamples(form: Page): Promise<void> {
  for (const sample of await form.locator("[id^=field-][id$=-sandbox]").all()) {
    const id = (await sample.getAttribute("id"))!.replace(/-sandbox$/, "");
    await form.locator(`input#${id}`).fill(await sample.locator("code").innerText());
  }
}

test("the form says what to type in, and that connects", async () => {
  const form = await (await stage.context()).newPage();
  await form.goto(await stage.link({ endUserId: "types", provider: "odoo" }));
  expect(await flaws(form, "sandbox-form")).toEqual([]);
  await typeSamples(form);
  await form.getByRole("button", { name: "Connect Odoo" }).click();
  await form.getByText("You can close this window.").waitFor();
  expect(await heading(form)).toBe("Odoo is connected");
  expect(await flaws(form, "done")).toEqual([]);
});

test("after a revoked access, the reconnectUrl leads through consent back home", async () => {
  const home = await stage.example("returns");
  const page = await (await stage.context()).newPage();
  const consent = async () => {
    await page.getByRole("link", { name: "Continue to HubSpot" }).click();
    await page.getByRole("button", { name: "Connect app" }).click();
    await page.waitForURL(`${home}/?status=connected&provider=hubspot&*`);
  };
  await page.goto(await stage.link({ endUserId: "returns", provider: "hubspot", redirectUrl: `${home}/` }));
  await consent();

  const ask = (fault?: string) =>
    stage.query("{ contacts(first: 1) { nodes { fullName } } }", {
      endUserId: "returns",
      provider: "hubspot",
      ...(fault === undefined ? {} : { fault }),
    });
  expect((await ask()).errors).toBeUndefined();
  await ask("hubspot=ACCESS_REVOKED");
  const { errors } = await ask();
  expect(errors![0]!.extensions.code).toBe("NEEDS_REAUTH");
  await page.goto(errors![0]!.extensions.reconnectUrl!);
  await page.getByText("no longer has access to HubSpot").waitFor();
  expect(await flaws(page, "sandbox-reconnect")).toEqual([]);
  await consent();
  expect((await ask()).errors).toBeUndefined();
});

test("no browser had anything to complain about", () => {
  expect(stage.complaints).toEqual([]);
});
