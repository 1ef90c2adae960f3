import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { comparePrices, type ComparedPrice } from "../../bench/price/proof.js";
import { median } from "../../bench/statistics.js";
import { providers } from "../../src/providers/index.js";
import { Ground, type TestServer } from "../support/test-server.js";

const SEED = "sample";
/** `npm run bench -- --only price` compares 2,000. */
const OPERATIONS = 120;

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
});
afterAll(() => ground.close());

interface Attempt {
  attempt: number;
}

const CONNECT = `mutation Connect($endUserId: ID!, $provider: String!, $credentials: JSON!) {
  upsertEndUser(input: { endUserId: $endUserId }) { id }
  createConnection(input: { endUserId: $endUserId, provider: $provider, credentials: $credentials }) { id }
}`;

/** Connects with a credential that crmesh verifies, so that it needs no renewal later. */
async function connect(endUserId: string, provider: string, account = "dense"): Promise<void> {
  const given = ground.sandbox.credentials(provider, account);
  const names = providers.get(provider).credentialFields.map(({ name }) => name);
  const credentials = Object.fromEntries(names.filter((name) => name in given).map((name) => [name, given[name]]));
  await server.data(CONNECT, { variables: { endUserId, provider, credentials } });
}

const SELECTIONS = {
  contact: "emails { address } phones { number } addresses { city } websites title company { name }",
  lead: "emails { address } phones { number } title companyName",
  meeting: "title location attendees { email }",
};

const narrow = providers.all.filter(({ resources }) => Object.values(resources).some(({ columns }) => columns));

test.each(narrow)(
  "an account of $name that lacks columns makes the calls of its price, the refused ones and one look-up of its columns beside",
  async ({ slug, resources, cost }) => {
    const endUserId = `narrow-${slug}`;
    await connect(endUserId, slug, "narrow");
    for (const [name, adapter] of Object.entries(resources)) {
      const lookUps = (adapter.cost.columns?.definitions ?? []).map((definition) => cost.definitions[definition]!);
      const query = `{ ${name}s(first: 30, provider: "${slug}") { nodes { ${SELECTIONS[name as keyof typeof SELECTIONS]} } } }`;
      const ask = async () => {
        const headers = { "x-crmesh-price": "show", "x-crmesh-trace": "calls" };
        const { body } = await server.query(query, { endUserId, headers });
        const { price, calls = [] } = body.extensions as unknown as { price: { calls: number }; calls?: Attempt[] };
        return { errors: body.errors, price: price.calls, calls: calls.filter(({ attempt }) => attempt === 1).length };
      };
      const first = await ask();
      expect(first.errors).toBeUndefined();
      // As many calls can be refused as the price has.
      expect(first.calls).toBeLessThanOrEqual(2 * first.price + lookUps.reduce((sum, calls) => sum + calls, 0));
      const second = await ask();
      expect(second.errors).toBeUndefined();
      expect(second.calls).toBeLessThanOrEqual(second.price);
    }
  },
);

const described = ({ query, price, calls, paths }: ComparedPrice) =>
  `${calls} of ${price} calls: ${query}\n${paths.join("\n")}`;

test("random operations over all CRMs make at most the calls of their price, and half as many more are priced at most", async () => {
  const resources = Object.fromEntries(
    providers.all.map(({ slug, resources: all }) => [
      slug,
      Object.fromEntries(Object.entries(all).map(([resource, { map }]) => [resource, Object.keys(map.orders)])),
    ]),
  );
  const ask = async (query: string, endUserId: string, headers: Record<string, string>) =>
    (await server.query(query, { endUserId, headers })).body;
  const compared = await comparePrices({ resources, connect, ask }, { seed: SEED, count: OPERATIONS });
  expect(compared.filter(({ exceeded }) => exceeded.length > 0).map(described)).toEqual([]);
  // No list is longer than the price assumes.
  expect(compared.filter(({ held }) => held.length > 0).map(described)).toEqual([]);
  expect(compared.flatMap(({ failures }) => failures)).toEqual([]);
  const called = compared.filter(({ calls }) => calls > 0);
  expect(called.length).toBeGreaterThan(OPERATIONS * 0.8);
  expect(new Set(compared.flatMap((one) => one.providers)).size).toBe(providers.all.length);
  expect(median(called.map(({ price, calls }) => price / calls))).toBeLessThanOrEqual(1.5);
});
