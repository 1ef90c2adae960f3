/**
 * Takes the screenshots of this folder anew, from a crmesh of its own: `npm run pictures`. Needs Chromium (CHROMIUM_PATH).
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const fileOf = (name) => fileURLToPath(new URL(name, import.meta.url));
const DEMO_KEY = "sk_test_demo";

const dataDir = await mkdtemp(join(tmpdir(), "crmesh-pictures-"));
const server = spawn(process.execPath, [fileOf("../../dist/cli/main.js"), "serve"], {
  env: { PATH: process.env.PATH, CRMESH_DATA_DIR: dataDir, PORT: "0" },
  stdio: ["ignore", "pipe", "inherit"],
});
try {
  const origin = await originOf(server);
  const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    await takeExplorer(browser, origin);
    await takeConnect(browser, origin);
  } finally {
    await browser.close();
  }
} finally {
  server.kill();
  await new Promise((resolve) => server.once("exit", resolve));
  await rm(dataDir, { recursive: true, force: true });
}

/** Waits for the banner. */
async function originOf({ stdout }) {
  let text = "";
  for await (const chunk of stdout.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    text += chunk;
    const ready = /^crmesh is ready: (\S+)\/graphql/m.exec(text);
    if (ready) {
      stdout.resume();
      return ready[1];
    }
  }
  throw new Error(`crmesh ended before it was ready: ${text}`);
}

async function takeExplorer(browser, origin) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 760 } });
  await page.goto(`${origin}/`);
  await page.locator(".graphiql-query-editor .view-line").first().waitFor();
  await page.getByRole("button", { name: /^Execute query/ }).click();
  await page.locator(".graphiql-response .view-line", { hasText: '"connections"' }).first().waitFor();
  await page.screenshot({ path: fileOf("explorer.png") });
}

/** Connect as an end user sees it on a phone: the choice of CRMs, and one form. */
async function takeConnect(browser, origin) {
  const page = await browser.newPage({ viewport: { width: 390, height: 720 }, deviceScaleFactor: 1.5 });
  for (const [file, provider] of [
    ["connect-choice.png", undefined],
    ["connect-form.png", "odoo"],
  ]) {
    await page.goto(await connectUrl(origin, provider));
    await page.getByRole("heading").first().waitFor();
    await page.screenshot({ path: fileOf(file) });
  }
}

async function connectUrl(origin, provider) {
  const input = { endUserId: "customer-42", displayName: "Acme GmbH", ...(provider ? { provider } : {}) };
  const query = "mutation ($input: CreateConnectTokenInput!) { createConnectToken(input: $input) { url } }";
  const response = await fetch(`${origin}/graphql`, {
    method: "POST",
    headers: { Authorization: `Bearer ${DEMO_KEY}`, "Content-Type": "application/json" },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(errors[0].message);
  return data.createConnectToken.url;
}
