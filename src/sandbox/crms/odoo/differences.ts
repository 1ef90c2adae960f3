import type { AcceptedDifference } from "../../kit/crm.js";

const NONE = "Odoo says with false that there is none, and the records of the two servers are not the same ones";

/** Differences from Odoo 17.0 and 19.0, as `npm run sandbox:diff` shows them. */
export const differences: readonly AcceptedDifference[] = [
  {
    request: "*.fields_get",
    place: "200 body*",
    sandbox: "absent",
    reason: "the adapter reads only the fields that it maps, and custom fields",
  },
  { request: "*calendar.event.search_read", place: "200 body*[].description", reason: NONE },
  {
    request: "*calendar.event.search_read",
    place: "200 body*[].res_model",
    reason: "only the sandbox has meetings that people made on the page of a lead",
  },
  { request: "*crm.lead.search_read", place: "200 body*[].user_id", reason: NONE },
  { request: "*res.users.search_read", place: "200 body*[].email", reason: NONE },
];
