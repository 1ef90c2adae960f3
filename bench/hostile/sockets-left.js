/** The connections of callers that this process still holds open, and its timers; both must be gone when all is over. */
export function heldOpen(port) {
  // Node has no public word for which sockets these are; this one exists since its beginnings.
  const callers = process._getActiveHandles().filter(({ localPort }) => localPort === port);
  const timers = process.getActiveResourcesInfo().filter((kind) => kind === "Timeout");
  return { callers: callers.length, timers: timers.length };
}
