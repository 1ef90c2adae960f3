/** A message to the page that opened the window. `connect.js` receives it. */
export type ReportMessage =
  | { source: "crmesh"; type: "success"; connectionId: string; provider: string }
  | { source: "crmesh"; type: "exit" }
  | { source: "crmesh"; type: "error"; code: string; message: string };

export interface PageReport {
  /** The only origin that receives the message. */
  openerOrigin: string;
  message: ReportMessage;
}
