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
  { request: "*res.partner.search_read", place: "200 body*[].company_name", reason: NONE },
  {
    request: "*.search_read",
    place: "200 body*[].x_crmesh_*",
    reason: "custom fields that an account has or has not",
  },
  { request: "*.fields_get", place: "200 body*.x_crmesh_*", reason: "custom fields that an account has or has not" },
  { request: "*res.users.context_get", place: "200 body.tz", reason: "the adapter reads the id of the user" },
  {
    request: "*res.users.context_get",
    place: "401 header www-authenticate",
    reason: "the adapter reads the name of the exception",
  },
  {
    request: "*res.users.context_get",
    place: "401 body.arguments[]",
    reason: "the adapter reads the name of the exception",
  },
];
