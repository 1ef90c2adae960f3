import { Client } from "./client.js";
import { closedLoop, contest, ratiosOf } from "./contest.js";
import { CONTACTS_BY_ID, meetingsWithContacts, TWENTY_CONTACTS } from "./operations.js";
import { assertSame, without, witness } from "./same-work.js";
import { median, middleHalf } from "./statistics.js";

const BOUND = 1.5;
const END_USER = "bench";
const RECORDS = 100;
/** Some gateways send equal requests that are under way at the same time only once, so there is one client. */
const CLIENTS = 1;
/** Gateways accept compressed answers, as `fetch` does, so the direct client does too. */
const COMPRESSED = { "accept-encoding": "gzip" };
/** Queries of the check that both ways cause the same calls. */
const CHECKED = 5;

/**
 * (hop) CPU of crmesh for an operation that a gateway asks at `/subgraph`, against the same operation asked at `/graphql`.
 * Gateways and clients run in processes of their own, so that only crmesh is measured.
 */
export async function measureHop({ sandbox, crmesh, client, headers, start }, report, { rounds, queries }) {
  const { GATEWAYS } = await import("../test/federation/gateways.js").catch((cause) => {
    throw new Error("Install the gateways first: npm --prefix test/federation ci --ignore-scripts", { cause });
  });
  const operations = await operationsOf(client);
  const rows = [];
  for (const gateway of Object.keys(GATEWAYS)) {
    const { origin } = new URL(crmesh.ready.url);
    const { ready, stop } = await start("gateway-process.js", { gateway, origin, headers });
    const gatewayClient = new Client(ready.url, headers);
    for (const operation of operations) {
      await assertSameWork(operation, { sandbox, client, gatewayClient });
      const { direct, hop, ratios } = await compare(operation, { crmesh, client, gatewayClient, rounds, queries });
      const ratio = median(ratios);
      const verdict = report.verdict(`(hop) ${gateway}, ${operation.name}`, ratio, BOUND);
      const times = [direct, hop].map((cpu) => median(cpu).toFixed(2));
      rows.push([gateway, operation.name, ...times, ratio.toFixed(2), middleHalf(ratios, 2), `≤ ${BOUND}`, verdict]);
    }
    gatewayClient.close();
    await stop();
  }
  report.heading("(hop) CPU of crmesh for one operation");
  report.table(
    ["gateway", "operation", "direct, ms", "through the gateway, ms", "ratio", "middle half", "bound", ""],
    rows,
  );
}

async function operationsOf(client) {
  const query = `{ contacts(provider: "hubspot", first: ${RECORDS}) { nodes { id nativeId } } }`;
  const { nodes } = (await client.ask({ query })).data.contacts;
  const refs = nodes.map(({ nativeId }) => ({ endUserId: END_USER, providerSlug: "hubspot", nativeId }));
  const byReference = "query ($refs: [Ref!]!) { nativeContacts(refs: $refs) { id fullName title } }";
  const same = (name, operation) => ({ name, direct: operation, gateway: operation, nodesOf: (data) => data });
  return [
    same("20 contacts", TWENTY_CONTACTS),
    same("50 meetings with their attendees’ contacts", meetingsWithContacts("hubspot")),
    {
      name: `${RECORDS} contacts that another subgraph names`,
      direct: { query: CONTACTS_BY_ID, variables: { ids: nodes.map(({ id }) => id) } },
      gateway: { query: byReference, variables: { refs } },
      nodesOf: ({ nodes: direct, nativeContacts }) => direct ?? nativeContacts,
    },
  ];
}

async function compare({ direct, gateway }, { crmesh, client, gatewayClient, rounds, queries }) {
  const [asked, forwarded] = [JSON.stringify(direct), JSON.stringify(gateway)];
  const contestants = [
    { server: crmesh, post: () => client.postForBytes(asked, COMPRESSED) },
    { server: crmesh, post: () => gatewayClient.post(forwarded) },
  ];
  const [ours, hop] = await contest(contestants, { rounds, queries, clients: CLIENTS });
  return { direct: ours, hop, ratios: ratiosOf(hop, ours) };
}

/** Both ways answer the same, out of the same number of calls. */
async function assertSameWork({ name, direct, gateway, nodesOf }, { sandbox, client, gatewayClient }) {
  const work = [];
  for (const ask of [() => client.ask(direct), () => gatewayClient.ask(gateway)]) {
    const { data } = await ask();
    const { calls } = await witness(sandbox, () => closedLoop(ask, CHECKED, CLIENTS));
    // Cursors hold the time.
    work.push({ data: without(new Set(["endCursor"]), nodesOf(data)), calls: calls.length });
  }
  assertSame(`The gateway answers ${name} otherwise`, ...work);
}
