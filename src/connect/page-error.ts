import type { PageReport } from "./pages/report.js";

/** An error that is shown as a page. Its text is written for the end user. */
export class ConnectPageError extends Error {
  override readonly name = "ConnectPageError";

  constructor(
    readonly status: number,
    readonly heading: string,
    readonly text: string,
    readonly options: { report?: PageReport | null; retryAfterS?: number; requestId?: string } = {},
  ) {
    super(heading);
  }
}

export type UnusableLink = "SPENT" | "EXPIRED" | "INVALID";

const OPEN_AGAIN = "Go back to the app you came from and open it again there.";

const UNUSABLE: Record<UnusableLink, { status: number; heading: string; text: string }> = {
  SPENT: {
    status: 410,
    heading: "This link has already been used",
    text: `For your security, a link works only once. ${OPEN_AGAIN}`,
  },
  EXPIRED: {
    status: 410,
    heading: "This link has expired",
    text: `For your security, a link works for ten minutes. ${OPEN_AGAIN}`,
  },
  INVALID: {
    status: 404,
    heading: "This link does not work",
    text: `It may have been copied incompletely. ${OPEN_AGAIN}`,
  },
};

/** @param openerOrigin origin of the page that opened the window. The page is told, and may get a new link. */
export function unusableLink(why: UnusableLink, openerOrigin: string | null): ConnectPageError {
  const { status, heading, text } = UNUSABLE[why];
  const message = { source: "crmesh", type: "error", code: `TOKEN_${why}`, message: heading } as const;
  return new ConnectPageError(status, heading, text, {
    report: openerOrigin === null ? null : { openerOrigin, message },
  });
}

export function sessionOver(): ConnectPageError {
  return new ConnectPageError(410, "This page has expired", `Nothing is lost. ${OPEN_AGAIN}`);
}

/** A link that only reconnects has outlived its connection. */
export function connectionEnded(): ConnectPageError {
  return new ConnectPageError(410, "This connection has ended", `It cannot be reconnected. ${OPEN_AGAIN}`);
}

export function onlyReconnect(): ConnectPageError {
  return new ConnectPageError(404, "You cannot disconnect this CRM here", "This link can only reconnect it.");
}
