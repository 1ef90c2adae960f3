/** HubSpot's properties that each operation needs. */
export const MEETING_PROPERTIES = [
  "hs_object_id",
  "hs_meeting_title",
  "hs_meeting_start_time",
  "hs_timestamp",
  "hs_meeting_end_time",
  "hs_meeting_location",
  "hs_meeting_outcome",
  "hs_attendee_owner_ids",
];
const NAMED = ["hs_object_id", "firstname", "lastname", "email", "jobtitle"];
/** Of a contact by its id. */
export const NAME_PROPERTIES = NAMED;
/** Of a contact who attends a meeting. */
export const ATTENDEE_PROPERTIES = [...NAMED, "hs_additional_emails"];
/** Of a contact in a list. */
export const CONTACT_PROPERTIES = [...ATTENDEE_PROPERTIES, "phone", "mobilephone", "fax", "lifecyclestage"];
