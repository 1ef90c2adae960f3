import type { IncomingHttpHeaders } from "node:http";
import { ConnectPageError } from "./page-error.js";

/** Programs that load a link to show a preview or to check it. "CUBOT" is a phone. */
const PROGRAMS = /(?<!cu)bot\b|crawler|spider|preview|facebookexternalhit|^whatsapp\//i;
/** The headers with which browsers mark a page that they load in advance. */
const PURPOSES = ["sec-purpose", "purpose", "x-purpose", "x-moz"] as const;

/**
 * Refuses a request that no end user made by opening the link in a window: prefetches, previews of chat programs, and pages
 * that load the link as an image, by script or in a frame.
 * @throws ConnectPageError 503
 */
export function refuseAutomaticLoad(headers: IncomingHttpHeaders): void {
  const isInAdvance = PURPOSES.some((name) => /prefetch|prerender|preview/.test(String(headers[name])));
  // Old browsers, and browsers at an http address, do not send this header.
  const isInWindow = (headers["sec-fetch-dest"] ?? "document") === "document";
  if (!isInAdvance && isInWindow && !PROGRAMS.test(headers["user-agent"] ?? "")) return;
  throw new ConnectPageError(
    503,
    "This page was not loaded in advance",
    "This link works only once. Open it yourself to continue.",
  );
}
