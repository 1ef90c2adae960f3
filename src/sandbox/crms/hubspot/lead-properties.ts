import { TRAFFIC_SOURCES } from "./contact-properties.js";
import { commonProperties, optionsOf, propertyIn } from "./property.js";

const GROUP = "leadinformation";
const property = propertyIn(GROUP);

/** One value has a space and another has an underscore, so callers must read the options and cannot guess them. */
const LEAD_TYPES = optionsOf({ "NEW BUSINESS": "New business", UPSELL: "Upsell", RE_ATTEMPT: "Re-attempting" });
const LEAD_LABELS = optionsOf({ HOT: "Hot", WARM: "Warm", COLD: "Cold" });

export const LEAD_PROPERTIES = [
  property("hs_lead_name", "Lead Name"),
  property("hs_lead_type", "Lead Type", { type: "enumeration", options: LEAD_TYPES }),
  property("hs_lead_label", "Lead Label", { type: "enumeration", options: LEAD_LABELS }),
  property("hs_lead_source", "Lead Source", { type: "enumeration", options: TRAFFIC_SOURCES, readOnly: true }),
  property("hs_pipeline", "Pipeline", { type: "enumeration", externalOptions: "LEAD_PIPELINES" }),
  property("hs_pipeline_stage", "Pipeline Stage", { type: "enumeration", externalOptions: "LEAD_STAGES" }),
  property("hubspot_owner_id", "Lead Owner", { type: "enumeration", externalOptions: "OWNERS" }),
  property("hs_primary_contact_id", "Primary Contact ID", { type: "number", readOnly: true }),
  property("hs_associated_contact_firstname", "Associated Contact First Name", { readOnly: true }),
  property("hs_associated_contact_lastname", "Associated Contact Last Name", { readOnly: true }),
  property("hs_associated_contact_email", "Associated Contact Email", { readOnly: true }),
  property("hs_associated_company_name", "Associated Company Name", { readOnly: true }),
  property("hs_associated_company_domain", "Associated Company Domain", { readOnly: true }),
  property("createdate", "Create Date", { type: "datetime", readOnly: true }),
  property("hs_createdate", "Object create date/time", { type: "datetime", readOnly: true }),
  property("hs_lastmodifieddate", "Last Modified Date", { type: "datetime", readOnly: true }),
  ...commonProperties(GROUP),
];

const CREATED_AT = "2024-01-01T00:00:00.000Z";

const STAGES = [
  { id: "new-stage-id", label: "New" },
  { id: "attempting-stage-id", label: "Attempting" },
  { id: "connected-stage-id", label: "Connected" },
  { id: "qualified-stage-id", label: "Qualified" },
  { id: "unqualified-stage-id", label: "Disqualified" },
].map((stage, displayOrder) => ({
  ...stage,
  displayOrder,
  metadata: {},
  createdAt: CREATED_AT,
  updatedAt: CREATED_AT,
  archived: false,
}));

/** The default pipeline of every portal with leads. */
export const LEAD_PIPELINE = {
  id: "lead-pipeline-id",
  label: "Lead pipeline",
  displayOrder: 0,
  stages: STAGES,
  createdAt: CREATED_AT,
  updatedAt: CREATED_AT,
  archived: false,
};
