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

const CONNECT = `mutation Connect($endUserId: ID!, $provider: String!, $credentials: JSON!) {
  upsertEndUser(input: { endUserId: $endUserId }) { id }
  createConnection(input: { endUserId: $endUserId, provider: $provider, credentials: $credentials }) { id }
}`;

/** Connects with a credential that crmesh verifies, so that it needs no renewal later. */
async function connect(endUserId: string, provider: string): Promise<void> {
  const given = ground.sandbox.credentials(provider, "dense");
  const names = providers.get(provider).credentialFields.map(({ name }) => name);
  const credentials = Object.fromEntries(names.filter((name) => name in given).map((name) => [name, given[name]]));
  await server.data(CONNECT, { variables: { endUserId, provider, credentials } });
}

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
