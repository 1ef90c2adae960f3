import type { AcceptedDifference } from "../../kit/crm.js";

/** Members of EspoCRM's own pages, which the adapter does not read. */
const OF_PAGES = [
  "accountId",
  "accountIsInactive",
  "accountName",
  "accountType",
  "accountsColumns",
  "accountsIds",
  "accountsNames",
  "campaign*",
  "createdAccount*",
  "createdOpportunity*",
  "duration",
  "*IsInvalid",
  "*IsOptedOut",
  "followers*",
  "hasPortalUser",
  "industry",
  "isActive",
  "isFollowed",
  "middleName",
  "modifiedById",
  "modifiedByName",
  "opportunityAmountConverted",
  "originalLead*",
  "parentName",
  "portalUser*",
  "reminders",
  "salutationName",
  "teams*",
  "type",
];

/** Differences from EspoCRM 8.4.2 and 9.2.7, as `npm run sandbox:diff` shows them. */
export const differences: readonly AcceptedDifference[] = [
  ...OF_PAGES.flatMap((member) =>
    ["body", "body.list[]"].map((place) => ({
      request: "*",
      place: `200 ${place}.${member}`,
      sandbox: "absent",
      reason: "only EspoCRM's own pages read it",
    })),
  ),
  {
    request: "GET /api/v1/Account/{id}",
    place: "200 body.*",
    sandbox: "absent",
    reason: "the adapter only looks whether the account is there",
  },
  {
    request: "GET /api/v1/App/user",
    place: "200 body.*",
    reason: "the adapter reads the user's id and name",
  },
  {
    request: "GET /api/v1/I18n",
    place: "200 body.*",
    reason: "the adapter reads the labels of custom fields",
  },
  {
    request: "GET /api/v1/Metadata ?key",
    place: "200 body.*",
    reason: "the adapter reads the types and options of custom fields and whether joinUrl is there",
  },
  {
    request: "PUT /api/v1/Meeting/{id}",
    place: "200 body.uid",
    reason: "it is read as a custom field only, for which the adapter reads the record",
  },
  {
    request: "GET /api/v1/App/user",
    place: "401 header content-type",
    reason: "the body is empty",
  },
];
