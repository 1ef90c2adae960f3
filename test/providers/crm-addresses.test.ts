import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Origins } from "../../src/connections/calls/origins.js";
import type { Provider } from "../../src/providers/contract/contract.js";
import { dynamics365 } from "../../src/providers/crm/dynamics365/index.js";
import { espocrm } from "../../src/providers/crm/espocrm/index.js";
import { odoo } from "../../src/providers/crm/odoo/index.js";
import { salesforce } from "../../src/providers/crm/salesforce/index.js";
import { twenty } from "../../src/providers/crm/twenty/index.js";
import { dynamics365Sandbox } from "../../src/sandbox/crms/dynamics365/index.js";
import { espocrmSandbox } from "../../src/sandbox/crms/espocrm/index.js";
import { odooSandbox } from "../../src/sandbox/crms/odoo/index.js";
import { twentySandbox } from "../../src/sandbox/crms/twenty/index.js";
import type { SandboxCrm } from "../../src/sandbox/kit/crm.js";
import { startSandboxServer, type SandboxServer } from "../../src/sandbox/kit/server.js";
import { CrmConnections } from "../support/crm-connections.js";

const BASE = "/apps/crm";
const page = { filter: {}, orderBy: null, limit: 10, cursor: null, select: new Set(["url"]) };

/** A web server that has the CRM below a path, and nothing elsewhere. */
async function serveBelow(base: string, target: string, change = (text: string) => text) {
  const server = http.createServer((request, response) => {
    const { method, url = "/", headers } = request;
    if (!url.startsWith(`${base}/`)) return void response.writeHead(404).end();
    const { host: _host, ...others } = headers;
    const onward = http.request(target + url.slice(base.length), { method, headers: others }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => {
        const { "content-length": _length, ...kept } = answer.headers;
        response.writeHead(answer.statusCode!, kept).end(change(Buffer.concat(chunks).toString("utf8")));
      });
    });
    request.pipe(onward);
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

describe.each([
  [espocrm, espocrmSandbox, `${BASE}/#Contact/view/1`],
  [odoo, odooSandbox, `${BASE}/web/login?redirect=x#menu`],
  [twenty, twentySandbox, `${BASE}/objects/people?viewId=1`],
] as const)("$name on a server of one's own", (provider: Provider, sandbox: SandboxCrm, copied: string) => {
  let server: SandboxServer;
  let front: Awaited<ReturnType<typeof serveBelow>>;
  beforeAll(async () => {
    server = await startSandboxServer(sandbox);
    front = await serveBelow(BASE, server.origin);
  });
  afterAll(async () => {
    await front.close();
    await server.close();
  });

  test("is reached below a path, and the links to its records have the path", async () => {
    const address = provider.origin({ url: front.origin + copied }, undefined);
    expect(address).toBe(front.origin + BASE);
    const connections = new CrmConnections({ provider, origin: address });
    try {
      const { exchange } = connections.connect(server.credentials("below"));
      const { credentials } = await provider.verify(exchange, server.credentials("below"));
      const { records } = await provider.resources.contact!.list(connections.connect(credentials).context, page);
      expect(records).toHaveLength(page.limit);
      for (const { fields } of records) expect(fields.url).toMatch(new RegExp(`^${front.origin}${BASE}/`));
    } finally {
      await connections.close();
    }
  });

  test.each(["", "/", "/crm", "/crm/"])("its address may end with %j", (path) => {
    expect(provider.origin({ url: `https://acme.example${path}` }, undefined)).toBe(
      `https://acme.example${path.replace(/\/$/, "")}`,
    );
  });
});

describe("a proxy of the operator", () => {
  const environmentUrl = "https://contoso.crm4.dynamics.com";

  test("gets the calls, and the CRM's own address stays known", () => {
    const proxy = "http://proxy.internal/crm";
    const overrides = new Map([dynamics365, salesforce, odoo].map(({ slug }) => [slug, proxy]));
    const origins = new Origins({ sandbox: new Map(), sandboxPages: () => "", overrides, allowPrivateHosts: false });
    const of = (provider: Provider, credentials: Record<string, string>) => origins.of(provider, "live", credentials);
    expect(of(dynamics365, { environmentUrl })).toMatchObject({ origin: proxy, pages: environmentUrl });
    const instanceUrl = "https://acme.my.salesforce.com";
    expect(of(salesforce, { instanceUrl })).toMatchObject({ origin: proxy, pages: instanceUrl });
    expect(of(odoo, {})).toMatchObject({ origin: proxy, pages: undefined });
  });

  test("does not break the links between pages, nor those to records, which name the CRM itself", async () => {
    const server = await startSandboxServer(dynamics365Sandbox);
    const proxy = await serveBelow(BASE, server.origin, (text) =>
      text.replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, environmentUrl),
    );
    const connections = new CrmConnections({ provider: dynamics365, origin: proxy.origin + BASE });
    try {
      const { context } = connections.connect(server.credentials("proxied"));
      const behind = { ...context, pages: environmentUrl };
      const first = await dynamics365.resources.contact!.list(behind, page);
      const second = await dynamics365.resources.contact!.list(behind, { ...page, cursor: first.next });
      const records = [...first.records, ...second.records];
      expect(new Set(records.map(({ nativeId }) => nativeId)).size).toBe(2 * page.limit);
      for (const { fields } of records) expect(fields.url).toMatch(/^https:\/\/contoso\.crm4\.dynamics\.com\//);
    } finally {
      await connections.close();
      await proxy.close();
      await server.close();
    }
  });
});
