/** Statuses of a server that is temporarily down. Content networks use the statuses above 504. */
const UNAVAILABLE = new Set([502, 503, 504, 520, 521, 522, 523, 524, 525, 526]);

/** Whether a status means that the server is temporarily unreachable. The body does not matter. */
export function isUnavailable(status: number): boolean {
  return UNAVAILABLE.has(status);
}
