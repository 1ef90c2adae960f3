import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { getHeapSpaceStatistics } from "node:v8";
import type { Meters } from "../metrics.js";

const NS_PER_S = 1e9;
const US_PER_S = 1e6;
/** Milliseconds between two samples of the event loop's delay. */
const RESOLUTION_MS = 10;
/** Milliseconds for which the readings of the event loop are kept: three metrics are read in one collection. */
const SHARED_MS = 100;

/**
 * Reads event loop, memory and CPU time whenever the metrics are collected.
 * @returns a function that stops the measurement of the event loop
 */
export function observeProcess(meters: Meters): () => void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let loop = { mean: 0, p99: 0, max: 0 };
  let readAt = -Infinity;
  const read = () => {
    if (performance.now() - readAt < SHARED_MS) return loop;
    readAt = performance.now();
    // Without a sample since the last collection, the histogram has no mean.
    if (delay.count > 0) {
      // The histogram holds the time between two samples. What exceeds the resolution is the delay.
      const late = (ns: number) => Math.max(0, ns / NS_PER_S - RESOLUTION_MS / 1_000);
      loop = { mean: late(delay.mean), p99: late(delay.percentile(99)), max: late(delay.max) };
    }
    delay.reset();
    return loop;
  };
  meters.observe("loopDelayMean", () => [{ value: read().mean, labels: {} }]);
  meters.observe("loopDelayP99", () => [{ value: read().p99, labels: {} }]);
  meters.observe("loopDelayMax", () => [{ value: read().max, labels: {} }]);

  let last = performance.eventLoopUtilization();
  meters.observe("loopUtilization", () => {
    const current = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(current, last);
    last = current;
    return [{ value: utilization, labels: {} }];
  });

  meters.observe("memory", () => [{ value: process.memoryUsage.rss(), labels: {} }]);
  meters.observe("heap", () =>
    getHeapSpaceStatistics().map(({ space_name, space_used_size }) => ({
      value: space_used_size,
      labels: { "v8js.heap.space.name": space_name },
    })),
  );
  meters.observe("cpu", () => {
    const { user, system } = process.cpuUsage();
    return [
      { value: user / US_PER_S, labels: { "cpu.mode": "user" } },
      { value: system / US_PER_S, labels: { "cpu.mode": "system" } },
    ];
  });
  meters.observe("uptime", () => [{ value: process.uptime(), labels: {} }]);
  return () => void delay.disable();
}
