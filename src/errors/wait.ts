/** Seconds. crmesh tells no caller to wait for longer: a longer wait is a server's mistake, or not worth a timer. */
export const MAX_WAIT_S = 86_400;

/** Seconds to wait, from 0 to MAX_WAIT_S. Undefined if it is not a number. */
export function boundedWaitS(seconds: number): number | undefined {
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 0), MAX_WAIT_S);
}
