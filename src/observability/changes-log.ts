import type { Logger } from "./logger.js";

/** A circuit that has opened or closed. */
interface CircuitLine {
  readonly level: string;
  readonly status: string;
  readonly requestId: string | null;
}

/** Logs each opening and each closing of a circuit at `warn`. */
export function circuitLog(logger: Logger): (change: CircuitLine) => void {
  return ({ level: circuit, status, ...change }) => {
    const known = Object.entries(change).filter(([, value]) => value !== null);
    const facts = Object.fromEntries(known.map(([name, value]) => [name, rounded(value)]));
    logger.warn({ ...facts, circuit }, status === "OPEN" ? "Circuit opened" : "Circuit closed");
  };
}

/** Times are whole milliseconds. */
function rounded(value: unknown): unknown {
  return typeof value === "number" ? Math.round(value) : value;
}

/** The result of a renewal of a connection's credential. */
interface RenewalLine {
  readonly outcome: string;
  readonly requestId: string;
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly provider: string;
}

/** Logs each connection that becomes NEEDS_REAUTH at `warn`, and other renewals at `debug`. */
export function renewalLog(logger: Logger): (renewal: RenewalLine) => void {
  return ({ outcome, ...renewal }) => {
    if (outcome === "NEEDS_REAUTH") logger.warn(renewal, "Connection needs re-authentication");
    else logger.debug({ ...renewal, outcome }, "Credential refreshed or not");
  };
}
