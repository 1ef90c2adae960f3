import type { ConnectSession } from "./session.js";

/** The URL to which the end user returns at the end. Null if the app opened a window, which is closed instead. */
export function returnUrl({ grant, openerOrigin }: ConnectSession): string | null {
  return openerOrigin === null ? grant.redirectUrl : null;
}
