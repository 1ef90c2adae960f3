import { setTimeout as delay } from "node:timers/promises";
import { variantsOf } from "./families.js";
import { Wire } from "./wire.js";
import { mendConnections, PoliteTenant } from "./targets.js";

/** Callers at a time. */
const PARALLEL = 8;
/** Requests of a round: all families take turns, so that each meets a server in every state. */
const ROUND = 1_000;
/** Milliseconds after which a request counts as never answered; operations end after 30 s by themselves. */
const TIMEOUT_MS = 40_000;
/** How often a family may end the process, until it is left out. */
const MOST_FAILURES = 2;
/** Milliseconds that sockets and timers get to go away after the last request. */
const SETTLE_MS = 15_000;

/**
 * Sends rounds of all families until there are enough requests or the time is over, and watches the server: its life, its
 * log, its stalls, its CPU, its memory, its sockets, and a tenant who does nothing wrong.
 */
export async function attack(attacked, campaignOf, { families, index, requests, endAt }) {
  const newWire = () => new Wire(attacked.server.url, { timeoutMs: TIMEOUT_MS });
  let wire = newWire();
  const campaign = campaignOf({
    targets: attacked.targets,
    wire,
    hasServerEnded: () =>
      attacked.ask("usage").then(
        () => false,
        () => true,
      ),
  });
  const loads = new Map(families.map(({ name }) => [name, { cpuMs: 0, stall: { ms: 0, requests: [] }, failures: 0 }]));
  const polite = { asked: 0, slowestMs: 0, wrong: [] };
  let tenant = new PoliteTenant(attacked.server);
  await tenant.start();
  let baseline = null;

  const restart = async () => {
    await attacked.kill();
    await endPolite();
    wire.close();
    await attacked.open();
    wire = newWire();
    campaign.moveTo({ targets: attacked.targets, wire });
    tenant = new PoliteTenant(attacked.server);
    await tenant.start();
    baseline = null;
  };
  const endPolite = async () => {
    await tenant.stop();
    polite.asked += tenant.asked;
    polite.slowestMs = Math.max(polite.slowestMs, tenant.slowestMs);
    polite.wrong.push(...tenant.wrong);
  };
  const isOver = () => Date.now() >= endAt || campaign.sent >= requests;

  const runBatch = async (family, count) => {
    const load = loads.get(family.name);
    const failure = await attacked.watch(async () => {
      const before = (await attacked.ask("usage")).cpuMs;
      await attacked.ask("stall");
      if (index === null) await campaign.batch(family, count, { parallel: PARALLEL, isOver });
      else await campaign.one(family, index);
      load.cpuMs += (await attacked.ask("usage")).cpuMs - before;
      const stall = await attacked.ask("stall");
      if (stall.ms > load.stall.ms) load.stall = stall;
      for (const { requestId, complaint } of await attacked.ask("badLines")) {
        campaign.complain({ family: family.name, name: requestId }, complaint);
      }
    });
    if (failure) await fail(family.name, failure);
  };

  const fail = async (family, { how, reason }) => {
    loads.get(family).failures += 1;
    const underWay = [...campaign.inFlight].slice(0, PARALLEL).join(" ") || "after the last of its batch";
    campaign.complain({ family, name: underWay }, `the process ${how}: ${reason}`);
    process.stderr.write(`${family}: the process ${how}; it is started anew.\n`);
    await restart();
  };

  for (let round = 0; round === 0 || (index === null && !isOver()); round += 1) {
    const standing = families.filter(({ name }) => loads.get(name).failures < MOST_FAILURES);
    const shares = standing.reduce((sum, { share }) => sum + share, 0);
    const size = Math.min(ROUND, requests - campaign.sent);
    for (const family of standing) {
      if (round > 0 && isOver()) break;
      const count = Math.ceil((size * family.share) / shares);
      await runBatch(family, round === 0 ? Math.max(count, variantsOf(family)) : count);
    }
    const failure = await attacked.watch(async () => {
      await mendConnections(attacked.server);
      // Caches are full after a round; what grows from here on is a leak.
      baseline ??= { round, heapMb: await attacked.ask("heap"), timers: (await attacked.ask("held")).timers };
    });
    if (failure) await fail(families.at(-1).name, failure);
    process.stderr.write(`${campaign.sent} requests, ${campaign.complaints.size} kinds of complaints\n`);
  }
  if (index === null && campaign.sent > 0) campaign.complainOfUnreached(families);
  await endPolite();
  wire.close();
  // A server that was started anew at the very end has no round to compare with.
  baseline ??= { round: NaN, heapMb: NaN, timers: NaN };
  const left = await settled(attacked, baseline);
  return { campaign, loads, polite, baseline, heapMb: await attacked.ask("heap"), left };
}

/** What is still held once all callers are gone. */
async function settled(attacked, { timers }) {
  const end = Date.now() + SETTLE_MS;
  for (;;) {
    const left = await attacked.ask("held");
    if ((left.callers === 0 && left.timers <= timers) || Date.now() >= end) return left;
    await delay(200);
  }
}
