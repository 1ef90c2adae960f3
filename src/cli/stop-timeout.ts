import type { Config } from "../config.js";

/** Milliseconds for a stop, in addition to the longest request. */
const STOP_MARGIN_MS = 5_000;

/** Milliseconds in which running requests may finish after the drain. */
export function stopTimeoutOf({ requestTimeoutMs }: Pick<Config, "requestTimeoutMs">): number {
  return requestTimeoutMs + STOP_MARGIN_MS;
}
