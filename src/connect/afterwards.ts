import type { ConnectSession } from "./session.js";

/** Where the end user is sent at the end; null where a window is to be closed instead. */
export function appAfterwards({ grant, openerOrigin }: ConnectSession): string | null {
  return openerOrigin === null ? grant.redirectUrl : null;
}
