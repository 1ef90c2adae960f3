import type { AcceptedDifference } from "../../kit/crm.js";

/** Differences from Twenty 2.21, as `npm run sandbox:diff` shows them. */
export const differences: readonly AcceptedDifference[] = [
  {
    request: "GET /rest/calendarEvents*",
    place: "200 body*.callRecordings",
    sandbox: "absent",
    reason: "related records that come with depth 1; of those, the adapter reads only the participants",
  },
];
