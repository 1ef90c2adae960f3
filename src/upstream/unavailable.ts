/** Statuses of a server that is down for now. Content networks add those above 504. */
const UNAVAILABLE = new Set([502, 503, 504, 520, 521, 522, 523, 524, 525, 526]);

/** Whether a status says that the server cannot be reached for now, whatever the body says. */
export function isUnavailable(status: number): boolean {
  return UNAVAILABLE.has(status);
}
