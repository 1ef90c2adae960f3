import { commonProperties, optionsOf, propertyIn } from "./property.js";

const GROUP = "contactinformation";
const property = propertyIn(GROUP);

/** In the order of the funnel. An update can move a contact only forward. */
export const LIFECYCLE_STAGES = optionsOf({
  subscriber: "Subscriber",
  lead: "Lead",
  marketingqualifiedlead: "Marketing Qualified Lead",
  salesqualifiedlead: "Sales Qualified Lead",
  opportunity: "Opportunity",
  customer: "Customer",
  evangelist: "Evangelist",
  other: "Other",
});

const LEAD_STATUSES = optionsOf({
  NEW: "New",
  OPEN: "Open",
  IN_PROGRESS: "In Progress",
  OPEN_DEAL: "Open Deal",
  UNQUALIFIED: "Unqualified",
  ATTEMPTED_TO_CONTACT: "Attempted to Contact",
  CONNECTED: "Connected",
  BAD_TIMING: "Bad Timing",
});

const BUYING_ROLES = optionsOf({
  BLOCKER: "Blocker",
  BUDGET_HOLDER: "Budget Holder",
  CHAMPION: "Champion",
  DECISION_MAKER: "Decision Maker",
});

export const TRAFFIC_SOURCES = optionsOf({
  ORGANIC_SEARCH: "Organic Search",
  PAID_SEARCH: "Paid Search",
  EMAIL_MARKETING: "Email Marketing",
  SOCIAL_MEDIA: "Organic Social",
  REFERRALS: "Referrals",
  OTHER_CAMPAIGNS: "Other Campaigns",
  DIRECT_TRAFFIC: "Direct Traffic",
  OFFLINE: "Offline Sources",
  PAID_SOCIAL: "Paid Social",
});

export const CONTACT_PROPERTIES = [
  property("firstname", "First Name"),
  property("lastname", "Last Name"),
  property("email", "Email", { format: "EMAIL" }),
  property("hs_additional_emails", "Additional email addresses", { format: "EMAIL_LIST" }),
  property("phone", "Phone Number", { fieldType: "phonenumber" }),
  property("mobilephone", "Mobile Phone Number", { fieldType: "phonenumber" }),
  property("fax", "Fax Number"),
  property("jobtitle", "Job Title"),
  property("company", "Company Name"),
  property("website", "Website URL"),
  property("address", "Street Address"),
  property("city", "City"),
  property("state", "State/Region"),
  property("zip", "Postal Code"),
  property("country", "Country/Region"),
  property("hs_timezone", "Time Zone"),
  property("lifecyclestage", "Lifecycle Stage", { type: "enumeration", options: LIFECYCLE_STAGES }),
  property("hs_lead_status", "Lead Status", { type: "enumeration", options: LEAD_STATUSES }),
  property("hs_buying_role", "Buying Role", {
    type: "enumeration",
    options: BUYING_ROLES,
    multiple: true,
    fieldType: "checkbox",
  }),
  property("salutation", "Salutation"),
  property("closedate", "Close Date", { type: "datetime" }),
  property("associatedcompanyid", "Primary Associated Company ID", { type: "number", readOnly: true }),
  property("hs_analytics_source", "Original Traffic Source", {
    type: "enumeration",
    options: TRAFFIC_SOURCES,
    readOnly: true,
  }),
  property("hubspot_owner_id", "Contact owner", { type: "enumeration", externalOptions: "OWNERS" }),
  property("hs_merged_object_ids", "Merged record IDs", { type: "enumeration", multiple: true, readOnly: true }),
  property("createdate", "Create Date", { type: "datetime", readOnly: true }),
  property("lastmodifieddate", "Last Modified Date", { type: "datetime", readOnly: true }),
  ...commonProperties(GROUP),
];
