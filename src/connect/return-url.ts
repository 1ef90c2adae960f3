import type { SessionView } from "./session-view.js";

/**
 * The URL to which the end user returns at the end: that of the link, or, if the link reconnects one connection and has
 * none, that of the link that made the connection. Null if the app opened a window, which is closed instead.
 */
export function returnUrl({ session, connections }: Pick<SessionView, "session" | "connections">): string | null {
  const { grant, openerOrigin } = session;
  if (openerOrigin !== null) return null;
  const reconnected = connections.find(({ id }) => id === grant.connectionId);
  return grant.redirectUrl ?? reconnected?.redirectUrl ?? null;
}
