import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { flaws } from "./support/inspection.js";
import { BrowserStage, closed, heading, pressAgain, resultOn } from "./support/stage.js";

let stage: BrowserStage;
beforeAll(async () => {
  stage = await BrowserStage.open();
});
afterAll(() => stage.close());

const CONTACTS = "{ contacts(first: 1) { nodes { fullName } } }";
const ALLOW = { hubspot: "Connect app", salesforce: "Allow" } as const;
const DENY = { hubspot: "Cancel", salesforce: "Deny" } as const;
const NAME = { hubspot: "HubSpot", salesforce: "Salesforce" } as const;

describe.each(["hubspot", "salesforce"] as const)("consent at %s, from the example’s button", (slug) => {
  const name = NAME[slug];

  test("makes a connection that works", async () => {
    const endUserId = `consents-${slug}`;
    const { page, popup } = await stage.press(endUserId);
    expect(await heading(popup)).toBe("Connect your CRM");
    expect(await flaws(popup, "list")).toEqual([]);
    await popup.getByRole("link", { name: `Connect ${name}` }).click();
    expect(await heading(popup)).toBe(`Connect ${name}`);
    expect(await flaws(popup, `provider-${slug}`)).toEqual([]);
    await popup.getByRole("link", { name: `Continue to ${name}`, exact: true }).click();
    await popup.getByLabel("Account to connect").fill("acme");
    await popup.getByRole("button", { name: ALLOW[slug] }).click();
    await closed(popup);

    const [connection] = await stage.connections(endUserId);
    expect(connection).toMatchObject({
      status: "ACTIVE",
      provider: { slug },
      accountName: expect.any(String),
      scopes: expect.arrayContaining([slug === "hubspot" ? "crm.objects.contacts.read" : "api"]),
      // Salesforce does not tell when its tokens end.
      tokenExpiresAt: slug === "hubspot" ? expect.any(String) : null,
    });
    await resultOn(page)
      .getByText(`Connected: ${slug} (${String(connection!["id"])})`)
      .waitFor();
    const { errors } = await stage.query(CONTACTS, { endUserId, provider: slug });
    expect(errors).toBeUndefined();
  });

  test("that is declined connects nothing, says so, and can be given after all", async () => {
    const { page, popup } = await stage.press(`declines-${slug}`);
    await popup.getByRole("link", { name: `Connect ${name}` }).click();
    await popup.getByRole("link", { name: `Continue to ${name}`, exact: true }).click();
    await popup.getByRole("button", { name: DENY[slug] }).click();
    await popup.getByText(`You did not give access to ${name}`).waitFor();
    expect(await flaws(popup, `declined-${slug}`)).toEqual([]);
    expect(await stage.connections(`declines-${slug}`)).toEqual([]);

    await popup.getByRole("link", { name: `Continue to ${name}`, exact: true }).click();
    await popup.getByRole("button", { name: ALLOW[slug] }).click();
    await resultOn(page)
      .getByText(/^Connected:/)
      .waitFor();
  });
});

test("Salesforce’s test orgs have an authorization server of their own", async () => {
  const { popup } = await stage.press("sandbox-org");
  await popup.getByRole("link", { name: "Connect Salesforce" }).click();
  await popup.getByRole("link", { name: "Continue to Salesforce (Sandbox org)" }).click();
  await popup.getByRole("button", { name: "Allow" }).click();
  await closed(popup);
  expect(await stage.connections("sandbox-org")).toMatchObject([{ status: "ACTIVE" }]);
});

test("an org of Salesforce whose users sign in at its My Domain", async () => {
  const { page, popup } = await stage.press("my-domain");
  await popup.getByRole("link", { name: "Connect Salesforce" }).click();
  const address = popup.getByLabel("My Domain");
  await address.waitFor();
  expect(await flaws(popup, "own-server")).toEqual([]);
  await address.fill("https://acme.my.salesforce.com.evil.example");
  await address.press("Enter");
  await popup.getByRole("alert").waitFor();
  expect(await flaws(popup, "own-server-refused")).toEqual([]);
  await address.fill("https://acme.my.salesforce.com");
  await popup.getByRole("button", { name: "Continue" }).click();
  const onward = popup.getByRole("link", { name: "Continue to Salesforce (acme.my.salesforce.com)" });
  await onward.waitFor();
  expect(await flaws(popup, "own-server-answered")).toEqual([]);
  await onward.click();
  await popup.getByRole("button", { name: "Allow" }).click();
  await resultOn(page)
    .getByText(/^Connected: salesforce/)
    .waitFor();
  expect(await stage.connections("my-domain")).toMatchObject([{ status: "ACTIVE" }]);
});

test("a CRM with a server for every customer asks for its address first, and says what is wrong with it", async () => {
  const { page, popup } = await stage.press("asked");
  await popup.getByRole("link", { name: "Connect Microsoft Dynamics 365 Sales" }).click();
  const address = popup.getByLabel("Environment URL");
  await address.fill("contoso");
  await address.press("Enter");
  await popup.getByRole("alert").waitFor();
  expect(await flaws(popup, "question-refused")).toEqual([]);
  await address.fill("https://contoso.crm4.dynamics.com");
  await popup.getByRole("button", { name: "Continue" }).click();
  await popup
    .getByRole("link", { name: /^Continue to/ })
    .first()
    .waitFor();
  expect(await flaws(popup, "question-answered")).toEqual([]);
  await popup
    .getByRole("link", { name: /^Continue to/ })
    .first()
    .click();
  await popup.getByRole("button", { name: "Accept" }).click();
  await resultOn(page)
    .getByText(/^Connected: dynamics365/)
    .waitFor();
  expect((await stage.query(CONTACTS, { endUserId: "asked", provider: "dynamics365" })).errors).toBeUndefined();
});

test("a connection that needs a new authorization is mended by the link in the error, and keeps its id", async () => {
  const { page, popup } = await stage.press("revokes");
  await popup.getByRole("link", { name: "Connect HubSpot" }).click();
  await popup.getByRole("link", { name: "Continue to HubSpot" }).click();
  await popup.getByLabel("Account to connect").fill("revoked");
  await popup.getByRole("button", { name: "Connect app" }).click();
  await resultOn(page)
    .getByText(/^Connected:/)
    .waitFor();
  const [before] = await stage.connections("revokes");

  // The end user removes the app at the CRM.
  stage.sandbox.revoke("hubspot", "revoked");
  const { errors } = await stage.query(CONTACTS, { endUserId: "revokes", provider: "hubspot" });
  expect(errors![0]!.extensions).toMatchObject({
    code: "NEEDS_REAUTH",
    actor: "END_USER",
    connectionId: before!["id"],
  });

  const elsewhere = await (await stage.context()).newPage();
  await elsewhere.goto(errors![0]!.extensions.reconnectUrl!);
  expect(await heading(elsewhere)).toBe("Reconnect HubSpot");
  await elsewhere.getByText(/no longer has access/).waitFor();
  expect(await flaws(elsewhere, "needs-reauth")).toEqual([]);
  await elsewhere.getByRole("link", { name: "Continue to HubSpot" }).click();
  await elsewhere.getByLabel("Account to connect").fill("revoked");
  await elsewhere.getByRole("button", { name: "Connect app" }).click();
  // The browser returns to the page whose Connect link made the connection.
  await elsewhere.waitForURL(`${new URL(page.url()).origin}/?status=connected&provider=hubspot&*`);

  expect(await stage.connections("revokes")).toMatchObject([{ id: before!["id"], status: "ACTIVE" }]);
  expect((await stage.query(CONTACTS, { endUserId: "revokes", provider: "hubspot" })).errors).toBeUndefined();
});

test("existing connections are seen, reconnected and disconnected", async () => {
  const { page, popup } = await stage.press("keeps");
  await popup.getByRole("link", { name: "Connect HubSpot" }).click();
  await popup.getByRole("link", { name: "Continue to HubSpot" }).click();
  await popup.getByRole("button", { name: "Connect app" }).click();
  await resultOn(page)
    .getByText(/^Connected:/)
    .waitFor();
  const [first] = await stage.connections("keeps");

  const second = await pressAgain(page);
  await second.getByText("Connected").first().waitFor();
  expect(await flaws(second, "list-connected")).toEqual([]);
  await second.getByRole("link", { name: "Reconnect HubSpot" }).click();
  await second.getByRole("link", { name: "Continue to HubSpot" }).click();
  await second.getByLabel("Account to connect").fill("other");
  await second.getByRole("button", { name: "Connect app" }).click();
  await closed(second);
  const [reconnected] = await stage.connections("keeps");
  expect(reconnected).toMatchObject({ id: first!["id"], status: "ACTIVE" });
  expect(reconnected!["accountName"]).not.toBe(first!["accountName"]);

  const third = await pressAgain(page);
  await third.getByRole("link", { name: "Disconnect HubSpot" }).click();
  expect(await heading(third)).toBe("Disconnect HubSpot?");
  expect(await flaws(third, "disconnect")).toEqual([]);
  await third.getByRole("button", { name: "Disconnect HubSpot" }).click();
  await third.getByText("HubSpot is disconnected").waitFor();
  await third.getByRole("link", { name: "Connect HubSpot" }).waitFor();
  expect(await stage.connections("keeps")).toEqual([]);
  const { data } = await stage.query<{ connectionEvents: { nodes: { type: string; actor: { kind: string } }[] } }>(
    "{ connectionEvents { nodes { type actor { kind } } } }",
    { endUserId: "keeps" },
  );
  expect(data.connectionEvents.nodes.map(({ type }) => type)).toEqual([
    "REVOKED",
    "DISCONNECTED",
    "RECONNECTED",
    "CREATED",
  ]);
  expect(new Set(data.connectionEvents.nodes.map(({ actor }) => actor.kind))).toEqual(new Set(["END_USER"]));
});

test("without a popup, consent leads back to the app", async () => {
  const home = await stage.example("returns-from-consent");
  const page = await (await stage.context()).newPage();
  await page.goto(
    await stage.link({ endUserId: "returns-from-consent", provider: "hubspot", redirectUrl: `${home}/?tab=crm` }),
  );
  await page.getByRole("link", { name: "Continue to HubSpot" }).click();
  await page.getByRole("button", { name: "Connect app" }).click();
  await page.waitForURL(`${home}/**`);
  const [connection] = await stage.connections("returns-from-consent");
  expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({
    tab: "crm",
    status: "connected",
    provider: "hubspot",
    connectionId: connection!["id"],
  });
});

test("the keyboard alone is enough", async () => {
  const { page, popup } = await stage.press("types");
  const tabTo = async (name: string) => {
    for (let steps = 0; steps < 30; steps += 1) {
      await popup.keyboard.press("Tab");
      const focused = await popup.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
      const label = await popup.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
      if (focused === name || label === name) return;
    }
    throw new Error(`“${name}” is not reached.`);
  };
  await tabTo("Connect HubSpot");
  await popup.keyboard.press("Enter");
  await popup.getByRole("heading", { level: 1, name: "Connect HubSpot" }).waitFor();
  await tabTo("Continue to HubSpot");
  await popup.keyboard.press("Enter");
  await popup.getByLabel("Account to connect").waitFor();
  await tabTo("Connect app");
  await popup.keyboard.press("Enter");
  await resultOn(page)
    .getByText(/^Connected: hubspot/)
    .waitFor();
});

test("no browser had anything to complain about, and no log has a secret", () => {
  expect(stage.complaints).toEqual([]);
  expect(stage.log).not.toMatch(/ct_[\w-]{20}|hs-\w+[.-]|sf-\w+[.-]|sk_live_\w{8}.*"msg"/);
});
