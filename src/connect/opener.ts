import type { ConnectGrant } from "../connections/linking/connect-tokens.js";
import { ConnectPageError } from "./page-error.js";

const FOR_DEVELOPERS =
  "Your account is fine. Close this window and contact the app’s support. Its developers need to know:";

/**
 * Reads the origin of the page that runs `connect.js`.
 * @throws ConnectPageError if it is not the origin of an http or https page
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
 * If there is a redirect URL, only pages of its origin may open the window and get its messages.
 * @throws ConnectPageError for another opener
 */
export function checkOpener(openerOrigin: string | null, { redirectUrl }: ConnectGrant): void {
  if (openerOrigin === null || redirectUrl === null || new URL(redirectUrl).origin === openerOrigin) return;
  throw new ConnectPageError(
    400,
    "This window was opened from another site",
    `${FOR_DEVELOPERS} the page that opens it must have the origin of the token’s redirectUrl.`,
  );
}
