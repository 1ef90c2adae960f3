import http from "node:http";
import got from "got";
import { Client } from "./client.js";
import { TWENTY_CONTACTS } from "./operations.js";
import { witness } from "./same-work.js";
import { median, middleHalf } from "./statistics.js";

const BOUND = 1.3;

/**
 * (a) One crmesh query of 20 contacts against the least it could be made of: a bare Apollo + type-graphql answer of the same
 * payload, and one raw got call for the same upstream page. The three take turns, so that what else the machine does meets
 * all of them alike.
 */
export async function measureLatency({ sandbox, client, start }, report, { rounds, queries }) {
  await client.ask(TWENTY_CONTACTS);
  const { answer, calls } = await witness(sandbox, () => client.ask(TWENTY_CONTACTS));
  const { data } = answer;
  const [call, ...others] = calls;
  if (others.length > 0) throw new Error("The listing took more than one call.");

  const bare = await start("bare-process.js", { page: data.contacts });
  const bareClient = new Client(bare.ready.url);
  const payload = JSON.stringify((await bareClient.ask(TWENTY_CONTACTS)).data);
  if (payload !== JSON.stringify(data)) throw new Error("The bare server answers another payload than crmesh.");

  const { origins, credentials } = sandbox.ready;
  const agent = { http: new http.Agent({ keepAlive: true }) };
  const headers = { authorization: `Bearer ${credentials.hubspot.accessToken}` };
  const pageUrl = `${origins.hubspot}${call.url}`;
  const body = JSON.stringify(TWENTY_CONTACTS);
  const contestants = [
    ["crmesh", () => client.post(body)],
    ["bare", () => bareClient.post(body)],
    ["got", () => got(pageUrl, { agent, headers }).json()],
  ];

  const times = { crmesh: [], bare: [], got: [] };
  const ratios = [];
  // The first rounds warm the processes up and are not counted.
  for (let round = -Math.ceil(rounds / 4); round < rounds; round += 1) {
    const taken = { crmesh: [], bare: [], got: [] };
    for (let query = 0; query < queries; query += 1) {
      // Each has each of the places in turn.
      for (let place = 0; place < contestants.length; place += 1) {
        const [name, run] = contestants[(query + place) % contestants.length];
        const startedAt = performance.now();
        await run();
        taken[name].push(performance.now() - startedAt);
      }
    }
    if (round < 0) continue;
    for (const name of Object.keys(times)) times[name].push(...taken[name]);
    ratios.push(median(taken.crmesh) / (median(taken.bare) + median(taken.got)));
  }
  agent.http.destroy();
  bareClient.close();

  // Of what was measured at the same time, so that a busy minute of the machine does not decide.
  const ratio = median(ratios);
  report.heading("(a) Time of one query of 20 contacts");
  report.table(
    ["", "median, ms", "middle half, ms"],
    Object.entries({
      crmesh: times.crmesh,
      "bare Apollo + type-graphql, same payload": times.bare,
      "raw got call, same page": times.got,
    }).map(([name, values]) => [name, median(values).toFixed(2), middleHalf(values, 2)]),
  );
  report.text("");
  report.table(
    ["crmesh ÷ (bare + got), median of the rounds", "middle half", "bound", ""],
    [[ratio.toFixed(2), middleHalf(ratios, 2), `≤ ${BOUND}`, report.verdict("(a) time of 20 contacts", ratio, BOUND)]],
  );
}
