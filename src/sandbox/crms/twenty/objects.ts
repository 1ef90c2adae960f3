/** The imitated objects of a workspace, with some custom fields. */

/** Twenty's field types. `COMPOSITES` has the parts of the types that have several columns. */
export type FieldType =
  | "UUID"
  | "TEXT"
  | "NUMBER"
  | "BOOLEAN"
  | "DATE_TIME"
  | "SELECT"
  | "MULTI_SELECT"
  | "FULL_NAME"
  | "EMAILS"
  | "PHONES"
  | "LINKS"
  | "CURRENCY"
  | "ACTOR"
  | "ADDRESS"
  | "FILES"
  | "POSITION"
  | "TS_VECTOR"
  | "RELATION";

export interface Field {
  name: string;
  label: string;
  type: FieldType;
  isCustom: boolean;
  options?: readonly string[];
  /** The other end of a RELATION. A MANY_TO_ONE field stores the id of the other record. */
  relation?: { target: ObjectName; kind: "MANY_TO_ONE" } | { target: ObjectName; kind: "ONE_TO_MANY"; inverse: string };
}

export type ObjectName =
  | "person"
  | "company"
  | "opportunity"
  | "calendarEvent"
  | "calendarEventParticipant"
  | "calendarChannelEventAssociation"
  | "workspaceMember";

export interface ObjectDefinition {
  nameSingular: ObjectName;
  namePlural: string;
  isSystem: boolean;
  fields: readonly Field[];
}

const label = (name: string) => name.charAt(0).toUpperCase() + name.slice(1).replace(/[A-Z]/g, " $&");

function field(name: string, type: FieldType, more: Partial<Field> = {}): Field {
  return { name, label: label(name), type, isCustom: false, ...more };
}

const toOne = (name: string, target: ObjectName) =>
  field(name, "RELATION", { relation: { target, kind: "MANY_TO_ONE" } });
const toMany = (name: string, target: ObjectName, inverse: string) =>
  field(name, "RELATION", { relation: { target, kind: "ONE_TO_MANY", inverse } });

const BASE: readonly Field[] = [
  field("id", "UUID"),
  field("createdAt", "DATE_TIME"),
  field("updatedAt", "DATE_TIME"),
  field("deletedAt", "DATE_TIME"),
];

/** The custom fields of the workspace. */
const CUSTOM: readonly Field[] = [
  field("crmeshNote", "TEXT", { label: "Note", isCustom: true }),
  field("crmeshScore", "NUMBER", { label: "Score", isCustom: true }),
  field("crmeshChannel", "SELECT", { label: "Channel", isCustom: true, options: ["FAIR", "WEB"] }),
  field("crmeshTopics", "MULTI_SELECT", { label: "Topics", isCustom: true, options: ["PRICE", "SUPPORT"] }),
  field("crmeshRenewal", "DATE_TIME", { label: "Renewal", isCustom: true }),
  field("crmeshBudget", "CURRENCY", { label: "Budget", isCustom: true }),
];

/** Source: `calendar-event-participant.workspace-entity.ts` of twentyhq/twenty. */
const RESPONSES = ["NEEDS_ACTION", "DECLINED", "TENTATIVE", "ACCEPTED"];

export const OBJECTS: readonly ObjectDefinition[] = [
  object("person", "people", [
    field("name", "FULL_NAME"),
    field("emails", "EMAILS"),
    field("linkedinLink", "LINKS"),
    field("xLink", "LINKS"),
    field("jobTitle", "TEXT"),
    field("phones", "PHONES"),
    field("city", "TEXT"),
    field("avatarUrl", "TEXT"),
    field("createdBy", "ACTOR"),
    toOne("company", "company"),
    toMany("calendarEventParticipants", "calendarEventParticipant", "personId"),
    ...CUSTOM,
  ]),
  object("company", "companies", [
    field("name", "TEXT"),
    field("domainName", "LINKS"),
    toMany("people", "person", "companyId"),
  ]),
  object("opportunity", "opportunities", [
    field("name", "TEXT"),
    field("amount", "CURRENCY"),
    field("stage", "SELECT", { options: ["NEW", "SCREENING", "MEETING", "PROPOSAL", "CUSTOMER"] }),
    toOne("pointOfContact", "person"),
  ]),
  systemObject("calendarEvent", "calendarEvents", [
    field("title", "TEXT"),
    field("isCanceled", "BOOLEAN"),
    field("isFullDay", "BOOLEAN"),
    field("startsAt", "DATE_TIME"),
    field("endsAt", "DATE_TIME"),
    field("description", "TEXT"),
    field("location", "TEXT"),
    field("iCalUID", "TEXT"),
    field("conferenceSolution", "TEXT"),
    field("conferenceLink", "LINKS"),
    toMany("calendarEventParticipants", "calendarEventParticipant", "calendarEventId"),
    ...CUSTOM,
  ]),
  systemObject("calendarEventParticipant", "calendarEventParticipants", [
    field("handle", "TEXT"),
    field("displayName", "TEXT"),
    field("isOrganizer", "BOOLEAN"),
    field("responseStatus", "SELECT", { options: RESPONSES }),
    toOne("calendarEvent", "calendarEvent"),
    toOne("person", "person"),
    toOne("workspaceMember", "workspaceMember"),
  ]),
  systemObject("workspaceMember", "workspaceMembers", [
    field("name", "FULL_NAME"),
    field("userEmail", "TEXT"),
    field("locale", "TEXT"),
  ]),
];

function object(nameSingular: ObjectName, namePlural: string, fields: readonly Field[]): ObjectDefinition {
  return { nameSingular, namePlural, isSystem: false, fields: [...BASE, ...fields] };
}

function systemObject(...definition: Parameters<typeof object>): ObjectDefinition {
  return { ...object(...definition), isSystem: true };
}

/** Fields of every object of recent versions. */
const SINCE: readonly Field[] = [
  field("position", "POSITION"),
  field("createdBy", "ACTOR"),
  field("updatedBy", "ACTOR"),
  field("searchVector", "TS_VECTOR"),
];
/** People of workspaces that were made with version 2.10 or later do not have these fields. Older workspaces keep them. */
const GONE = new Set(["city", "xLink"]);
const ADDED: Readonly<Partial<Record<ObjectName, readonly Field[]>>> = {
  person: [field("avatarFile", "FILES")],
  company: [
    field("address", "ADDRESS"),
    field("linkedinLink", "LINKS"),
    field("annualRevenue", "CURRENCY"),
    toOne("accountOwner", "workspaceMember"),
  ],
  opportunity: [field("closeDate", "DATE_TIME"), toOne("company", "company"), toOne("owner", "workspaceMember")],
  calendarEvent: [
    field("externalCreatedAt", "DATE_TIME"),
    field("externalUpdatedAt", "DATE_TIME"),
    toMany("calendarChannelEventAssociations", "calendarChannelEventAssociation", "calendarEventId"),
  ],
  workspaceMember: [
    field("colorScheme", "TEXT"),
    field("avatarUrl", "TEXT"),
    field("jobTitle", "TEXT"),
    field("calendarStartDay", "NUMBER"),
    field("userId", "UUID"),
    field("timeZone", "TEXT"),
    field("dateFormat", "SELECT"),
    field("timeFormat", "SELECT"),
    field("numberFormat", "SELECT"),
  ],
};
/** The name of a field in recent versions. */
const RENAMED: Readonly<Record<string, Partial<Field>>> = {
  iCalUID: { name: "iCalUid", label: "iCal UID" },
  avatarUrl: { label: "Avatar" },
};

/** The objects of a workspace of a recent version. An association says which calendar has an event. */
export const RECENT_OBJECTS: readonly ObjectDefinition[] = [
  ...OBJECTS,
  systemObject("calendarChannelEventAssociation", "calendarChannelEventAssociations", [
    field("eventExternalId", "TEXT"),
    field("recurringEventExternalId", "TEXT"),
    field("calendarChannelId", "UUID"),
    toOne("calendarEvent", "calendarEvent"),
  ]),
].map((one) => {
  const kept = one.fields.filter(
    ({ name }) => name !== "createdBy" && !(one.nameSingular === "person" && GONE.has(name)),
  );
  const named = kept.map((each) => ({ ...each, ...RENAMED[each.name] }));
  return { ...one, fields: [...named, ...SINCE, ...(ADDED[one.nameSingular] ?? [])] };
});

/** Finds the field with this name in a record's JSON, where a MANY_TO_ONE relation appears as an id. */
export function fieldNamed(object: ObjectDefinition, name: string): Field | undefined {
  const own = object.fields.find((one) => one.name === name);
  if (own) return own.type === "RELATION" ? undefined : own;
  const relation = object.fields.find((one) => `${one.name}Id` === name && one.relation?.kind === "MANY_TO_ONE");
  return relation && { ...relation, name, type: "UUID" };
}
