import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { countWrites, WRITE_CALLS, type Traced } from "../../bench/write-calls.js";
import { providers } from "../../src/providers/index.js";
import { Ground, type TestServer } from "../support/test-server.js";

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
});
afterAll(() => ground.close());

async function trace(query: string): Promise<Traced> {
  const headers = { "x-crmesh-price": "show", "x-crmesh-trace": "calls" };
  const { body } = await server.query<Record<string, { id: string }>>(query, { headers });
  expect(body.errors).toBeUndefined();
  const { price, calls } = body.extensions as unknown as { price: { calls: number }; calls: { attempt: number }[] };
  return { data: body.data!, calls: calls.filter(({ attempt }) => attempt === 1).length, price: price.calls };
}

test("the table has every CRM", () => {
  expect(Object.keys(WRITE_CALLS).sort()).toEqual(providers.all.map(({ slug }) => slug).sort());
});

test.each(Object.entries(WRITE_CALLS))(
  "writes take the calls of the table at %s, and their price knows",
  async (slug, table) => {
    const counted = await countWrites(trace, slug);
    const calls = Object.entries(counted).map(([name, one]) => [name, one.calls]);
    expect(Object.fromEntries(calls)).toEqual(table);
    for (const [name, { calls: made, price, bare }] of Object.entries(counted)) {
      expect([name, made <= price]).toEqual([name, true]);
      // The price may have definitions, and look-ups that a refusal would take. What follows the write is exact.
      if (name !== "whole") expect([name, price - bare.price]).toEqual([name, made - bare.calls]);
    }
  },
);
