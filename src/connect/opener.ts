import type { ConnectGrant } from "../connections/linking/connect-tokens.js";
import { ConnectPageError } from "./page-error.js";

const FOR_DEVELOPERS =
  "Nothing is wrong with your account. Close this window and tell the app’s support, whose developers need to know:";

/**
 * The origin that `connect.js` names as the page it runs in.
 * @throws ConnectPageError for what is no web origin
 */
export function readOpenerOrigin(given: unknown): string | null {
  if (given === undefined) return null;
  const url = typeof given === "string" ? URL.parse(given) : null;
  if (url && /^https?:$/.test(url.protocol) && url.origin === given) return url.origin;
  throw new ConnectPageError(
    400,
    "This window was not opened correctly",
    `${FOR_DEVELOPERS} “origin” must be the origin of an http or https page, such as https://app.example.com.`,
  );
}

/**
 * A redirect URL says where the app lives; then no other page is told anything.
 * @throws ConnectPageError for an opener elsewhere
 */
export function checkOpener(openerOrigin: string | null, { redirectUrl }: ConnectGrant): void {
  if (openerOrigin === null || redirectUrl === null || new URL(redirectUrl).origin === openerOrigin) return;
  throw new ConnectPageError(
    400,
    "This window was opened from another site",
    `${FOR_DEVELOPERS} the page that opens it must have the origin of the token’s redirectUrl.`,
  );
}
