import { closedLoop, contest } from "./contest.js";
import { measureWorkers } from "./workers.js";
import { LINES, lineOf, measureCostLines } from "./peers/cost-lines.js";
import { OPERATIONS, startContestants } from "./peers/contestants.js";
import { installPeers } from "./peers/install.js";
import { assertSameData } from "./peers/same-data.js";
import { openStage } from "./stage.js";
import { median, spread } from "./statistics.js";
import { measureTenants } from "./tenants.js";

/** As many as keep a process busy, and wait. */
const CLIENTS = 16;
/** At least as many queries as clients, so that they do what they do in a longer round. */
const QUERIES = { least: CLIENTS, most: 400 };
/** A line's second half may cost this much more than its first. */
const BEND = 1.3;

/** crmesh divided by another, at most. */
const RATIOS = [
  ["contacts", "handWritten", 1.25],
  ["contacts", "tunedMesh", 1],
  ["meetings", "handWritten", 1.1],
  ["meetings", "tunedMesh", 0.65],
  ["byId", "handWritten", 1.2],
  ["create", "handWritten", 1.6],
];

/**
 * (peers) CPU of crmesh against other servers over the same imitated HubSpot, in several processes of each, and how it grows.
 * A set of processes, one of each server, is loaded in turn and ends; the next set is new. The first set is left out: the first
 * process of a run costs 15 to 30 % more.
 */
export async function measurePeers(report, { peers: sizes, tenants, workers }) {
  installPeers();
  const sets = [];
  for (let done = 0; done <= sizes.processes; done += 1) {
    console.error(`Set ${done} of ${sizes.processes}${done === 0 ? ", which is left out" : ""}`);
    const measured = await measureSet(sizes);
    if (done > 0) sets.push(measured);
  }
  for (const operation of Object.keys(OPERATIONS)) showOperation(report, operation, sets);
  const goals = [...ratioGoals(sets), createGoal(sets), ...showLines(report, sets)];
  const stage = await openStage();
  try {
    goals.push(await measureTenants(stage, report, tenants));
    goals.push(await measureWorkers(stage, report, workers));
  } finally {
    stage.client.close();
    await stage.close();
  }
  showGoals(report, goals);
}

/** @returns the calls and the CPU of each operation at each contestant, and the CPU of crmesh's cost lines */
async function measureSet(sizes) {
  const stage = await openStage();
  const contestants = await startContestants(stage);
  try {
    const calls = await assertSameData(stage, contestants);
    const cpu = {};
    for (const operation of Object.keys(OPERATIONS))
      cpu[operation] = await measureOperation(contestants, operation, sizes);
    const lines = await measureCostLines(stage, { rounds: sizes.rounds, clients: CLIENTS });
    return { names: mapValues(contestants, ({ name }) => name), calls, cpu, lines };
  } finally {
    for (const { client } of Object.values(contestants)) client.close();
    await stage.close();
  }
}

/** @returns ms of CPU per query of each contestant: the median of the rounds */
async function measureOperation(contestants, operation, { rounds, roundMs, warmUpMs }) {
  const loaded = [];
  for (const { server, client, bodies } of Object.values(contestants)) {
    const post = () => client.post(JSON.stringify(bodies[operation]()));
    loaded.push({ server, post, queries: await warmUp(server, post, { roundMs, warmUpMs }) });
  }
  const cpu = await contest(loaded, { rounds, clients: CLIENTS, warmUp: 0 });
  return Object.fromEntries(Object.keys(contestants).map((key, index) => [key, median(cpu[index])]));
}

/** Loads a process until it has used this much CPU. @returns how many queries use that of one round */
async function warmUp(server, post, { roundMs, warmUpMs }) {
  const began = (await server.ask("usage")).cpuMs;
  for (let before = began; ;) {
    await closedLoop(post, CLIENTS, CLIENTS);
    const { cpuMs } = await server.ask("usage");
    const queries = Math.round((roundMs * CLIENTS) / (cpuMs - before));
    if (cpuMs - began >= warmUpMs) return Math.min(Math.max(queries, QUERIES.least), QUERIES.most);
    before = cpuMs;
  }
}

function showOperation(report, operation, sets) {
  const [{ names, calls }] = sets;
  report.heading(`(peers) ${OPERATIONS[operation]} at HubSpot`);
  report.table(
    ["", "calls", "median per query, ms", "least and most", "crmesh ÷ it", "least and most"],
    Object.entries(names).map(([key, name]) => {
      const cpu = sets.map((set) => set.cpu[operation][key]);
      const ratios = ratiosOfSets(sets, operation, key);
      const counted = calls[key][operation];
      return [name, counted, median(cpu).toFixed(2), spread(cpu, 2), median(ratios).toFixed(2), spread(ratios, 2)];
    }),
  );
}

/** Of what was measured at the same time. */
function ratiosOfSets(sets, operation, key) {
  return sets.map(({ cpu }) => cpu[operation].crmesh / cpu[operation][key]);
}

function ratioGoals(sets) {
  const [{ names }] = sets;
  return RATIOS.map(([operation, key, bound]) => ({
    name: `${OPERATIONS[operation]}, crmesh ÷ ${names[key]}`,
    values: ratiosOfSets(sets, operation, key),
    bound,
  }));
}

function createGoal(sets) {
  return { name: "a create, calls", values: sets.map(({ calls }) => calls.crmesh.create), bound: 1 };
}

function showLines(report, sets) {
  const goals = [];
  const rows = Object.entries(LINES).map(([key, { unit, rest, per }]) => {
    const lines = sets.map(({ lines: measured }) =>
      lineOf(
        measured[key].map(({ size, cpu }) => ({ size, ms: median(cpu) })),
        per,
      ),
    );
    const values = lines.map(({ bend }) => bend);
    goals.push({ name: `linear: per ${unit}, second half ÷ first`, values, bound: BEND });
    const of = (name) => lines.map((line) => line[name]);
    const sizes = sets[0].lines[key].map(({ size }) => size).join(", ");
    return [
      unit,
      rest,
      sizes,
      median(of("base")).toFixed(2),
      median(of("perUnit")).toFixed(1),
      spread(of("perUnit"), 1),
    ];
  });
  report.heading("(peers) What a query of crmesh costs as it grows");
  report.table(["per", "each", "measured", "without any, ms", "median of one, µs", "least and most"], rows);
  return goals;
}

function showGoals(report, goals) {
  report.heading("(peers) Goals");
  report.table(
    ["", "median", "least and most", "goal", ""],
    goals.map(({ name, values, bound, atLeast = false }) => {
      const goal = `${atLeast ? "≥" : "≤"} ${bound}`;
      if (values.length === 0) return [name, "", "", goal, "not measured"];
      const value = median(values);
      return [name, value.toFixed(2), spread(values, 2), goal, report.verdict(name, value, bound, { atLeast })];
    }),
  );
}

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
