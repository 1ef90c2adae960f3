/**
 * Starts crmesh, the customers and a gateway, asks the gateway one query, prints the answer, and runs until it is stopped.
 */
import { readFile } from "node:fs/promises";
import { parse } from "graphql";
import { ask, connect, startCrmesh } from "./crmesh.mjs";
import { CUSTOMERS, startCustomers } from "./customers.mjs";
import { startGateway } from "./gateway.mjs";

const { PORT = "4200", CRMESH_URL, CRMESH_API_KEY } = process.env;
const file = (name) => readFile(new URL(name, import.meta.url), "utf8");
const started = [];

async function stop() {
  for (const part of started.splice(0).reverse()) await part.stop?.();
}

async function start(part) {
  const running = await part;
  started.push(running);
  return running;
}

async function run() {
  const crmesh = await start(CRMESH_URL ? { url: CRMESH_URL, key: CRMESH_API_KEY } : startCrmesh());
  const withCrm = CUSTOMERS.filter(({ mainContact }) => mainContact !== null);
  await connect(
    crmesh,
    withCrm.map(({ id }) => id),
  );
  const customers = await start(startCustomers());
  const typeDefs = parse(await file("crmesh.subgraph.graphql"));
  const gateway = await start(
    startGateway({
      subgraphs: [customers, { name: "crmesh", url: `${crmesh.url}/subgraph`, typeDefs }],
      headers: { crmesh: { authorization: `Bearer ${crmesh.key}` } },
      port: Number(PORT),
    }),
  );
  const query = await file("query.graphql");
  const answer = await ask(gateway.url, { query, variables: { now: new Date().toISOString() } });
  console.log(JSON.stringify(answer, null, 2));
  console.log(`The gateway listens on ${gateway.url}. Stop it with Ctrl+C.`);
}

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void stop());
await run().catch(async (error) => {
  await stop();
  throw error;
});
