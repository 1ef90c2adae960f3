import { isDeepStrictEqual } from "node:util";
import { Client } from "./client.js";
import { meetingsWithContacts } from "./operations.js";
import { median, middleHalf } from "./statistics.js";

const BOUND = 1.3;
const CLIENTS = 4;
/** What is crmesh's own: global ids that name a connection, and signed cursors. */
const OWN = new Set(["id", "endCursor"]);

/**
 * (c) CPU of 50 meetings with their attendees' contacts at HubSpot, against the same by hand. The servers are loaded in turn,
 * each by the same few clients that wait for their answers, and say how much CPU all of their threads have used.
 */
export async function measureCpu({ sandbox, crmesh, client, headers, start }, report, { rounds, queries }) {
  const { origins, credentials } = sandbox.ready;
  const handWritten = await start("hand-written/process.js", {
    origin: origins.hubspot,
    accessToken: credentials.hubspot.accessToken,
    key: crmesh.ready.key,
  });
  const handWrittenClient = new Client(handWritten.ready.url, headers);
  const operation = meetingsWithContacts("hubspot");
  await assertSameWork(sandbox, client, handWrittenClient, operation);

  const body = JSON.stringify(operation);
  const contestants = [
    { server: crmesh, post: () => client.post(body), cpu: [] },
    { server: handWritten, post: () => handWrittenClient.post(body), cpu: [] },
  ];
  // The first rounds warm the processes up and are not counted.
  for (let round = -Math.ceil(rounds / 4); round < rounds; round += 1) {
    const inTurn = round % 2 === 0 ? contestants : contestants.toReversed();
    for (const { server, post, cpu } of inTurn) {
      const before = await server.ask("usage");
      await closedLoop(post, queries);
      const after = await server.ask("usage");
      if (round >= 0) cpu.push((after.cpuMs - before.cpuMs) / queries);
    }
  }
  handWrittenClient.close();

  const [ours, byHand] = contestants.map(({ cpu }) => cpu);
  // Of what was measured at the same time, so that a busy minute of the machine does not decide.
  const ratios = ours.map((cpu, round) => cpu / byHand[round]);
  const ratio = median(ratios);
  report.heading("(c) CPU of 50 meetings with their attendees’ contacts at HubSpot");
  report.table(
    ["", "median per query, ms", "middle half of the rounds, ms"],
    [
      ["crmesh", median(ours).toFixed(2), middleHalf(ours, 2)],
      ["hand-written Apollo + DataLoader + got", median(byHand).toFixed(2), middleHalf(byHand, 2)],
    ],
  );
  report.text("");
  report.table(
    ["crmesh ÷ hand-written, median of the rounds", "middle half", "bound", ""],
    [[ratio.toFixed(2), middleHalf(ratios, 2), `≤ ${BOUND}`, report.verdict("(c) CPU of 50 meetings", ratio, BOUND)]],
  );
}

/** Sends a number of queries over a few clients, each of which waits for its answers. */
export async function closedLoop(post, queries, clients = CLIENTS) {
  let left = queries;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      await post();
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
}

/** A comparison is one only where both answer the same out of the same calls. */
async function assertSameWork(sandbox, client, handWrittenClient, operation) {
  const work = [];
  for (const asked of [client, handWrittenClient]) {
    await sandbox.ask("watch");
    const { data } = await asked.ask(operation);
    const calls = await sandbox.ask("witnessed");
    work.push({ data: withoutOwn(data), calls: calls.map(describeCall) });
  }
  const [ours, byHand] = work;
  for (const part of ["calls", "data"]) {
    if (isDeepStrictEqual(ours[part], byHand[part])) continue;
    const shown = [ours, byHand].map((one) => JSON.stringify(one[part]).slice(0, 1_000));
    throw new Error(`crmesh and the hand-written server differ in their ${part}:\n${shown.join("\n")}`);
  }
}

function withoutOwn(data) {
  return JSON.parse(JSON.stringify(data, (name, value) => (OWN.has(name) ? undefined : value)));
}

/** Parameters and property names in any order are the same call. */
function describeCall({ method, url }) {
  const { pathname, searchParams } = new URL(url, "http://crm");
  const query = [...searchParams].map(([name, value]) => `${name}=${value.split(",").toSorted().join(",")}`);
  return `${method} ${pathname} ${query.toSorted().join("&")}`;
}
