import os from "node:os";
import { parseArgs } from "node:util";
import { measureCompression } from "./compression.js";
import { measureCpu } from "./cpu.js";
import { measureFanOut } from "./fan-out.js";
import { measureFairShares } from "./fair-shares.js";
import { measureHop } from "./hop.js";
import { runHostile } from "./hostile.js";
import { measureIdentity } from "./identity.js";
import { measureJson } from "./json.js";
import { measureLatency } from "./latency.js";
import { measureLoad } from "./load.js";
import { measureMerged } from "./merged.js";
import { measurePeers } from "./peers.js";
import { measurePrices } from "./price.js";
import { Report } from "./report.js";
import { measureStart } from "./start.js";
import { measureTelemetry } from "./telemetry.js";
import { measureTenants } from "./tenants.js";
import { openStage } from "./stage.js";
import { measureWorkers } from "./workers.js";
import { countUpstreamCalls } from "./upstream-calls.js";

const FULL = {
  latency: { rounds: 60, queries: 30 },
  cpu: { rounds: 40, queries: 120 },
  load: { seconds: 10 },
  fanOut: { rounds: 3 },
  compression: { rounds: 20, queries: 60 },
  json: { rounds: 500, pages: 4 },
  fairShares: { calls: 300 },
  tenants: { tenants: 2_000, rounds: 20, queries: 500 },
  hop: { rounds: 20, queries: 40 },
  workers: { rounds: 8, queries: 2_000 },
  peers: { processes: 5, rounds: 8, roundMs: 300, warmUpMs: 2_000 },
};
const QUICK = {
  latency: { rounds: 12, queries: 20 },
  cpu: { rounds: 8, queries: 60 },
  load: { seconds: 1 },
  fanOut: { rounds: 1 },
  compression: { rounds: 4, queries: 30 },
  json: { rounds: 150, pages: 4 },
  fairShares: { calls: 100 },
  tenants: { tenants: 300, rounds: 6, queries: 300 },
  hop: { rounds: 6, queries: 30 },
  workers: { rounds: 4, queries: 600 },
  peers: { processes: 2, rounds: 4, roundMs: 150, warmUpMs: 800 },
};

const { values: options } = parseArgs({
  options: {
    /** For CI: the same in less than a minute, with more noise. */
    quick: { type: "boolean", default: false },
    /** The letters of the parts to run, `hop` (see hop.js), or one of `ALONE`: `hostile`, `identity`, `peers`, `price`, `start`. */
    only: { type: "string", default: "abcdefghijk" },
  },
});
const sizes = options.quick ? QUICK : FULL;
const parts = {
  a: (stage, report) => measureLatency(stage, report, sizes.latency),
  b: (stage, report) => countUpstreamCalls(stage, report),
  c: (stage, report) => measureCpu(stage, report, sizes.cpu),
  async d(stage, report) {
    await measureLoad(stage, report, sizes.load);
    await measureWorkers(stage, report, sizes.workers);
  },
  e: (stage, report) => measureFanOut(stage, report, sizes.fanOut),
  f: (stage, report) => measureCompression(stage, report, sizes.compression),
  g: (stage, report) => measureJson(stage, report, sizes.json),
  i: (stage, report) => measureTelemetry(stage, report, sizes.cpu),
  j: (stage, report) => measureTenants(stage, report, sizes.tenants),
  k: (stage, report) => measureMerged(stage, report),
  h: (_stage, report) => measureFairShares(report, sizes.fairShares),
};

const report = new Report();
const [{ model }] = os.cpus();
report.text(
  `crmesh benchmarks${options.quick ? ", quick" : ""}: Node ${process.version}, ${os.cpus().length} × ${model}`,
);
/** Parts that start processes of their own, each described in its file. */
const ALONE = {
  hostile: runHostile,
  identity: measureIdentity,
  peers: (report) => measurePeers(report, sizes),
  price: measurePrices,
  start: measureStart,
};
if (options.only in ALONE) {
  await ALONE[options.only](report);
  process.exit(report.close() ? 0 : 1);
}
const stage = await openStage();
try {
  // Not part of the default run, because its gateways are packages of test/federation.
  if (options.only === "hop") await measureHop(stage, report, sizes.hop);
  else for (const [letter, run] of Object.entries(parts)) if (options.only.includes(letter)) await run(stage, report);
} finally {
  stage.client.close();
  await stage.close();
}
process.exitCode = report.close() ? 0 : 1;
