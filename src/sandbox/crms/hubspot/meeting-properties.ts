import { commonProperties, optionsOf, propertyIn } from "./property.js";

const GROUP = "meeting";
const property = propertyIn(GROUP);

const OUTCOMES = optionsOf({
  SCHEDULED: "Scheduled",
  COMPLETED: "Completed",
  RESCHEDULED: "Rescheduled",
  NO_SHOW: "No show",
  CANCELED: "Canceled",
});
const LOCATION_TYPES = optionsOf({ ADDRESS: "Address", CUSTOM: "Custom", PHONE: "Phone" });

export const MEETING_PROPERTIES = [
  property("hs_timestamp", "Activity date", { type: "datetime" }),
  property("hs_meeting_title", "Meeting name"),
  property("hs_meeting_body", "Meeting description", { fieldType: "html" }),
  property("hs_internal_meeting_notes", "Internal meeting notes", { fieldType: "html" }),
  property("hs_meeting_start_time", "Meeting start time", { type: "datetime" }),
  property("hs_meeting_end_time", "Meeting end time", { type: "datetime" }),
  property("hs_meeting_location", "Meeting location"),
  property("hs_meeting_location_type", "Meeting location type", { type: "enumeration", options: LOCATION_TYPES }),
  property("hs_meeting_external_url", "Meeting external URL"),
  property("hs_meeting_outcome", "Meeting outcome", { type: "enumeration", options: OUTCOMES }),
  property("hs_meeting_source", "Meeting source"),
  property("hs_activity_type", "Call and meeting type"),
  property("hs_attachment_ids", "Attached file IDs"),
  property("hs_attendee_owner_ids", "Attendee owner IDs", {
    type: "enumeration",
    externalOptions: "OWNERS",
    multiple: true,
    fieldType: "checkbox",
  }),
  property("hubspot_owner_id", "Activity assigned to", { type: "enumeration", externalOptions: "OWNERS" }),
  property("hs_createdate", "Create date", { type: "datetime", readOnly: true }),
  property("hs_lastmodifieddate", "Last modified date", { type: "datetime", readOnly: true }),
  ...commonProperties(GROUP),
];
