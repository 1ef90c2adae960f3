import {
  READ_ONLY,
  REQUIRED,
  customFields,
  field,
  flag,
  idField,
  longText,
  picklist,
  reference,
  systemFields,
  text,
} from "./field.js";
import { objectSchema } from "./object.js";

/** The objects of a WhoId. */
export const WHO_TYPES = ["Contact", "Lead"] as const;

export const Event = objectSchema({
  name: "Event",
  keyPrefix: "00U",
  fields: [
    idField("Event ID"),
    reference("WhoId", "Name ID", WHO_TYPES),
    reference("WhatId", "Related To ID", ["Account"]),
    text("Subject", "Subject", 255),
    text("Location", "Location", 255),
    flag("IsAllDayEvent", "All-Day Event"),
    field("datetime", "ActivityDateTime", "Due Date Time"),
    field("date", "ActivityDate", "Due Date Only"),
    field("datetime", "StartDateTime", "Start Date Time"),
    field("datetime", "EndDateTime", "End Date Time"),
    field("int", "DurationInMinutes", "Duration"),
    longText("Description", "Description"),
    reference("AccountId", "Account ID", ["Account"], READ_ONLY),
    // The metadata does not distinguish events from calendars, whose owner may be a queue.
    reference("OwnerId", "Assigned To ID", ["User", "Group"], { ...REQUIRED, defaultedOnCreate: true }),
    flag("IsPrivate", "Private"),
    picklist("ShowAs", "Show Time As", ["Busy", "OutOfOffice", "Free"], { length: 40 }),
    picklist("EventSubtype", "Event Subtype", ["Event"], { length: 40, updateable: false }),
    flag("IsChild", "Is Child", READ_ONLY),
    flag("IsGroupEvent", "Is Group Event", READ_ONLY),
    picklist("GroupEventType", "Group Event Type", ["0", "1", "2", "3"], { ...READ_ONLY, length: 40 }),
    flag("IsArchived", "Archived", READ_ONLY),
    flag("IsRecurrence", "Create Recurring Series of Events", READ_ONLY),
    field("datetime", "ReminderDateTime", "Reminder Date/Time"),
    flag("IsReminderSet", "Reminder Set"),
    ...systemFields(),
    ...customFields(),
  ],
  children: [
    { name: "EventRelations", type: "EventRelation", field: "EventId" },
    { name: "AcceptedEventRelations", type: "EventRelation", field: "EventId", status: ["Accepted"] },
    { name: "DeclinedEventRelations", type: "EventRelation", field: "EventId", status: ["Declined"] },
    { name: "UndecidedEventRelations", type: "EventRelation", field: "EventId", status: ["New"] },
  ],
});

export const EventRelation = objectSchema({
  name: "EventRelation",
  label: "Event Relation",
  keyPrefix: "0RE",
  fields: [
    idField("Event Relation ID"),
    reference("EventId", "Event ID", ["Event"], { ...REQUIRED, updateable: false }),
    reference("RelationId", "Relation ID", [...WHO_TYPES, "User"], { ...REQUIRED, updateable: false }),
    picklist("Status", "Status", ["New", "Accepted", "Declined"], { length: 40, defaultedOnCreate: true }),
    field("datetime", "RespondedDate", "Response Date"),
    text("Response", "Comment", 255),
    flag("IsInvitee", "Is Invitee"),
    flag("IsParent", "Is Parent", { updateable: false }),
    flag("IsWhat", "Is What", { updateable: false }),
    ...systemFields(),
  ],
  searchable: false,
});
