import type { CrmError } from "../../errors/crm-error.js";

/** The unified model of all CRMs' records. Absent values are null; crmesh never invents a value. */

export const RESOURCES = ["contact", "lead", "meeting"] as const;
export type ResourceName = (typeof RESOURCES)[number];

export interface EmailAddress {
  address: string;
  type: EmailType | null;
  rawType: string | null;
  isPrimary: boolean;
}

export const EMAIL_TYPES = ["WORK", "PERSONAL", "OTHER"] as const;
export type EmailType = (typeof EMAIL_TYPES)[number];

export interface PhoneNumber {
  /** As the CRM stores it. */
  number: string;
  type: PhoneType | null;
  rawType: string | null;
  isPrimary: boolean;
}

export const PHONE_TYPES = ["WORK", "MOBILE", "HOME", "FAX", "OTHER"] as const;
export type PhoneType = (typeof PHONE_TYPES)[number];

export interface PostalAddress {
  type: AddressType | null;
  rawType: string | null;
  street1: string | null;
  street2: string | null;
  city: string | null;
  state: string | null;
  postalCode: string | null;
  country: string | null;
}

export const ADDRESS_TYPES = ["WORK", "HOME", "MAILING", "BILLING", "SHIPPING", "OTHER"] as const;
export type AddressType = (typeof ADDRESS_TYPES)[number];

export interface Money {
  /** A decimal number as text, because binary fractions lose cents. */
  amount: string;
  /** ISO 4217. */
  currency: string;
}

export interface CompanyRef {
  /** The CRM's own id. Null if the CRM stores only a name. */
  id: string | null;
  name: string | null;
  /** The text that the contact itself has, if the CRM has one beside the company's record. It is what an input writes. */
  ownText?: string;
}

/** A user of the CRM. Undefined fields are not known yet, and crmesh can look them up by the id. */
export interface OwnerRef {
  id: string;
  name?: string | null;
  email?: string | null;
}

export interface Owner {
  id: string;
  name: string | null;
  email: string | null;
}

export const CUSTOM_FIELD_TYPES = [
  "TEXT",
  "NUMBER",
  "BOOLEAN",
  "DATE",
  "DATE_TIME",
  "SELECT",
  "MULTI_SELECT",
  "OTHER",
] as const;
export type CustomFieldType = (typeof CUSTOM_FIELD_TYPES)[number];

export interface CustomField {
  key: string;
  label: string;
  type: CustomFieldType;
  /** Text, number, boolean, ISO 8601 date or list of texts, according to `type`. Null if empty. */
  value: unknown;
  /** Set if the field is one of the CRM's own. */
  isStandard?: true;
  /** The labels of the value's options, if the values of the options are not their labels. */
  optionLabels?: readonly string[];
}

export const LIFECYCLE_STAGES = [
  "SUBSCRIBER",
  "LEAD",
  "MARKETING_QUALIFIED",
  "SALES_QUALIFIED",
  "OPPORTUNITY",
  "CUSTOMER",
  "EVANGELIST",
  "OTHER",
] as const;
export type LifecycleStage = (typeof LIFECYCLE_STAGES)[number];

export const LEAD_STATUSES = ["NEW", "WORKING", "QUALIFIED", "UNQUALIFIED", "CONVERTED", "OTHER"] as const;
export type LeadStatus = (typeof LEAD_STATUSES)[number];

export const LEAD_RATINGS = ["HOT", "WARM", "COLD", "OTHER"] as const;
export type LeadRating = (typeof LEAD_RATINGS)[number];

export const MEETING_STATUSES = ["SCHEDULED", "COMPLETED", "CANCELLED", "NO_SHOW", "RESCHEDULED", "OTHER"] as const;
export type MeetingStatus = (typeof MEETING_STATUSES)[number];

export const ATTENDEE_RESPONSES = ["NEEDS_ACTION", "ACCEPTED", "DECLINED", "TENTATIVE"] as const;
export type AttendeeResponse = (typeof ATTENDEE_RESPONSES)[number];

/** Fields that every resource has. Date-times are ISO 8601 in UTC with milliseconds. */
export interface SharedFields {
  owner: OwnerRef | null;
  createdAt: string | null;
  updatedAt: string | null;
  lastActivityAt: string | null;
  url: string | null;
  tags: string[] | null;
  customFields: CustomField[];
}

export interface ContactFields extends SharedFields {
  firstName: string | null;
  lastName: string | null;
  fullName: string;
  title: string | null;
  department: string | null;
  emails: EmailAddress[];
  phones: PhoneNumber[];
  addresses: PostalAddress[];
  company: CompanyRef | null;
  lifecycleStage: LifecycleStage | null;
  rawLifecycleStage: string | null;
  leadSource: string | null;
  description: string | null;
  websites: string[];
  doNotContact: boolean | null;
}

export interface LeadFields extends SharedFields {
  firstName: string | null;
  lastName: string | null;
  fullName: string | null;
  /** Job title. */
  title: string | null;
  /** Subject of the lead. */
  subject: string | null;
  companyName: string | null;
  emails: EmailAddress[];
  phones: PhoneNumber[];
  addresses: PostalAddress[];
  source: string | null;
  status: LeadStatus | null;
  rawStatus: string | null;
  rating: LeadRating | null;
  rawRating: string | null;
  value: Money | null;
  isConverted: boolean;
  convertedAt: string | null;
  description: string | null;
}

export interface MeetingFields extends SharedFields {
  title: string | null;
  description: string | null;
  internalNotes: string | null;
  /** For an all-day meeting: UTC midnight of its first day. */
  startAt: string;
  /** Exclusive. For an all-day meeting: UTC midnight of the day after its last. */
  endAt: string | null;
  /** IANA name. */
  timeZone: string | null;
  isAllDay: boolean;
  location: string | null;
  videoUrl: string | null;
  status: MeetingStatus | null;
  rawStatus: string | null;
  organizer: OwnerRef | null;
  /** Attendees in the record itself. With `attendeesAreContacts`, crmesh adds the linked contacts that are not among them. */
  attendees: Attendee[];
}

export interface Attendee {
  /** Undefined if the name must come from the contact or owner. */
  name?: string | null;
  email?: string | null;
  /** Native id of the contact, if the attendee is one. */
  contactId: string | null;
  /** Native id of the CRM's user, if the attendee is one. */
  ownerId: string | null;
  isOrganizer: boolean;
  response: AttendeeResponse | null;
}

export interface ResourceFields {
  contact: ContactFields;
  lead: LeadFields;
  meeting: MeetingFields;
}

/** The edges between records, with the resource at their other end. */
export const EDGE_TARGETS = {
  contact: { meetings: "meeting", leads: "lead" },
  lead: { contact: "contact", convertedContact: "contact" },
  meeting: { contacts: "contact", leads: "lead" },
} as const satisfies Record<ResourceName, Record<string, ResourceName>>;

export type EdgeName<Resource extends ResourceName = ResourceName> = Resource extends ResourceName
  ? keyof (typeof EDGE_TARGETS)[Resource] & string
  : never;

/** A record as one operation reads it, with only the selected fields. */
export interface UnifiedRecord<Resource extends ResourceName = ResourceName> {
  nativeId: string;
  fields: Partial<ResourceFields[Resource]>;
  /** Native ids at the other end of edges, if the CRM's response contained them. */
  links: Partial<Record<EdgeName, readonly string[]>>;
  /** The parts of the native record that were read. */
  raw: Record<string, unknown>;
  /**
   * What a further call should have added, with the error of that call: fields (`customFields`), nested fields
   * (`company.name`) and edges. They are missing in `fields` and `links`. Absent if every call succeeded.
   */
  failures?: Readonly<Record<string, CrmError>>;
}
