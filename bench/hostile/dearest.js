import { setTimeout as delay } from "node:timers/promises";
import { post } from "./cases.js";
import { DEAREST } from "./dearest-operations.js";
import { Wire } from "./wire.js";

const MOST_CPU_MS = 1_000;
const MOST_MEMORY_MB = 100;
/** Milliseconds that an operation gets until it counts as never answered; operations end after 30 s by themselves. */
const TIMEOUT_MS = 45_000;

/** The CPU and memory that one operation costs the server, each candidate alone on a server with its default settings. */
export async function measureDearest(attacked, report) {
  const rows = [];
  // The ids in a candidate are those of the server that stands when its turn comes.
  const candidates = () => DEAREST.flatMap((entry) => (typeof entry === "function" ? entry(attacked.targets) : entry));
  for (const index of candidates().keys()) {
    const { name, ...operation } = candidates()[index];
    let measured;
    const failure = await attacked.watch(async () => (measured = await measure(attacked, operation, name)));
    if (failure) {
      rows.push({ name, answer: `the process ${failure.how}`, cpuMs: Infinity, peakMb: Infinity, ms: NaN });
      await attacked.kill();
      await attacked.open();
    } else rows.push({ name, ...measured });
  }
  rows.sort((one, other) => other.cpuMs - one.cpuMs);
  report.heading(`The dearest operation that the defaults allow`);
  report.table(
    ["operation", "answer", "time, ms", "CPU, ms", "bound", "", "memory at its peak, MB", "bound", ""],
    rows.map(({ name, answer, ms, cpuMs, peakMb }) => [
      name,
      answer,
      ms.toFixed(0),
      cpuMs.toFixed(0),
      `≤ ${MOST_CPU_MS}`,
      report.verdict(`CPU of “${name}”, ms`, cpuMs, MOST_CPU_MS),
      peakMb.toFixed(0),
      `≤ ${MOST_MEMORY_MB}`,
      report.verdict(`memory of “${name}”, MB`, peakMb, MOST_MEMORY_MB),
    ]),
  );
}

/** A refused operation is measured like any other: to refuse must not be dear, either. */
async function measure(attacked, operation, name) {
  const wire = new Wire(attacked.server.url, { timeoutMs: TIMEOUT_MS });
  // What is read once and then kept for minutes, such as definitions of fields, is not part of what an operation costs.
  const warm = post(attacked.targets, {
    query: "{ connections { contacts(first: 2) { nodes { id customFields { key } } } } }",
  });
  await wire.send(warm, "warm-up");
  await attacked.ask("memoryBegin");
  const before = await attacked.ask("usage");
  const startedAt = performance.now();
  const { answers, cut } = await wire.send(post(attacked.targets, operation), "dearest");
  const ms = performance.now() - startedAt;
  // The collector's threads finish after the answer, and their work counts, too.
  await delay(200);
  const after = await attacked.ask("usage");
  const peakMb = await attacked.ask("memoryEnd");
  wire.close();
  return { name, answer: describe(answers[0], cut), ms, cpuMs: after.cpuMs - before.cpuMs, peakMb };
}

function describe(answer, cut) {
  if (!answer) return `none (${cut})`;
  const codes = new Set((answer.body?.errors ?? []).map(({ extensions }) => extensions?.code));
  const size = `${(answer.text.length / 2 ** 20).toFixed(1)} MB`;
  return [answer.status, size, ...codes].join(", ");
}
