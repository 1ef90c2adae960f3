import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { providers } from "../../src/providers/index.js";
import { EndUserBrowser } from "../support/end-user-browser.js";
import { Ground, type TestServer } from "../support/test-server.js";

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
});
afterAll(() => ground.close());

/** The answer of an end user to the question that some CRMs need before consent. */
const ASKED: Record<string, Record<string, string>> = {
  dynamics365: { environmentUrl: "https://contoso.crm4.dynamics.com/main.aspx" },
};

test("an end user signs in to Salesforce at the My Domain of their org", async () => {
  const endUserId = "consents-my-domain";
  const { createConnectToken } = await server.data<{ createConnectToken: { url: string } }>(
    "mutation ($input: CreateConnectTokenInput!) { createConnectToken(input: $input) { url } }",
    { variables: { input: { endUserId, provider: "salesforce" } } },
  );
  const asked = { myDomain: "acme.my.salesforce.com" };
  const page = await new EndUserBrowser().consent(createConnectToken.url, "salesforce", "my-domain", asked);
  expect(page.text).toContain("Salesforce is connected");
  const { connections } = await server.data<{ connections: { status: string; contacts: { nodes: unknown[] } }[] }>(
    "{ connections { status contacts(first: 1) { nodes { fullName } } } }",
    { endUserId },
  );
  expect(connections).toEqual([{ status: "ACTIVE", contacts: { nodes: [expect.anything()] } }]);
});

test.each(providers.all.filter(({ oauth }) => oauth).map(({ slug }) => slug))(
  "%s is connected on the Connect pages, read, and disconnected",
  async (provider) => {
    const endUserId = `consents-${provider}`;
    const { createConnectToken } = await server.data<{ createConnectToken: { url: string } }>(
      "mutation ($input: CreateConnectTokenInput!) { createConnectToken(input: $input) { url } }",
      { variables: { input: { endUserId, provider } } },
    );
    const browser = new EndUserBrowser();
    const page = await browser.consent(createConnectToken.url, provider, "consented", ASKED[provider]);
    expect(page.text).toContain(`${providers.get(provider).name} is connected`);
    expect([...browser.origins]).toEqual([server.crmesh.origin]);

    const { connections } = await server.data<{
      connections: { id: string; accountName: string; scopes: string[]; contacts: { nodes: unknown[] } }[];
    }>("{ connections { id status accountName scopes contacts(first: 3) { nodes { fullName } } } }", { endUserId });
    expect(connections).toEqual([
      {
        id: expect.any(String),
        status: "ACTIVE",
        accountName: expect.any(String),
        scopes: expect.any(Array),
        contacts: { nodes: [expect.anything(), expect.anything(), expect.anything()] },
      },
    ]);

    const [connection] = connections;
    await server.data(`mutation { deleteConnection(id: "${connection!.id}") { id } }`, { endUserId });
    const { connectionEvents } = await server.data<{ connectionEvents: { nodes: { type: string }[] } }>(
      `{ connectionEvents(endUserId: "${endUserId}") { nodes { type } } }`,
    );
    const types = connectionEvents.nodes.map(({ type }) => type).reverse();
    const revocable = providers.get(provider).oauth!.servers[0].revocationEndpoint !== null;
    expect(types).toEqual(["CREATED", "DISCONNECTED", ...(revocable ? ["REVOKED"] : [])]);
  },
);
