/** What a page tells the page that opened its window; `connect.js` listens to it. */
export type ReportMessage =
  | { source: "crmesh"; type: "success"; connectionId: string; provider: string }
  | { source: "crmesh"; type: "exit" }
  | { source: "crmesh"; type: "error"; code: string; message: string };

export interface PageReport {
  /** The only origin that gets it. */
  openerOrigin: string;
  message: ReportMessage;
}
