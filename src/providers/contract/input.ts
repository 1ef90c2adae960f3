import type {
  AddressType,
  EmailType,
  LeadRating,
  LeadStatus,
  LifecycleStage,
  MeetingStatus,
  Money,
  PhoneType,
  ResourceName,
} from "./model.js";

/**
 * The values that a caller writes. In a create, absent and null are the same. In an update, an absent field stays
 * unchanged, and null clears it. A list replaces the existing list. The first e-mail address and phone number are
 * primary.
 */
type Nullable<Fields> = { [Field in keyof Fields]?: Fields[Field] | null | undefined };

export interface EmailInput {
  address: string;
  type?: EmailType | null | undefined;
}

export interface PhoneInput {
  number: string;
  type?: PhoneType | null | undefined;
}

export type AddressInput = Nullable<{
  type: AddressType;
  street1: string;
  street2: string;
  city: string;
  state: string;
  postalCode: string;
  country: string;
}>;

export type CompanyInput = Nullable<{ id: string; name: string }>;

export interface CustomFieldInput {
  key: string;
  value?: unknown;
}

type SharedInput = Nullable<{ ownerId: string; tags: string[]; customFields: CustomFieldInput[] }>;

export type ContactInput = SharedInput &
  Nullable<{
    firstName: string;
    lastName: string;
    fullName: string;
    title: string;
    department: string;
    emails: EmailInput[];
    phones: PhoneInput[];
    addresses: AddressInput[];
    company: CompanyInput;
    lifecycleStage: LifecycleStage;
    rawLifecycleStage: string;
    leadSource: string;
    description: string;
    websites: string[];
    doNotContact: boolean;
  }>;

export type LeadInput = SharedInput &
  Nullable<{
    firstName: string;
    lastName: string;
    fullName: string;
    title: string;
    subject: string;
    companyName: string;
    emails: EmailInput[];
    phones: PhoneInput[];
    addresses: AddressInput[];
    source: string;
    status: LeadStatus;
    rawStatus: string;
    rating: LeadRating;
    value: Money;
    description: string;
    /** Native id. */
    contactId: string;
  }>;

export type MeetingInput = SharedInput &
  Nullable<{
    title: string;
    description: string;
    internalNotes: string;
    startAt: Date;
    endAt: Date;
    isAllDay: boolean;
    location: string;
    videoUrl: string;
    status: MeetingStatus;
    rawStatus: string;
    /** Native ids. */
    contactIds: string[];
    /** Native ids. */
    leadIds: string[];
  }>;

export interface ResourceInputs {
  contact: ContactInput;
  lead: LeadInput;
  meeting: MeetingInput;
}

/** `since` is inclusive, `until` is exclusive. */
type SharedFilter = Partial<{
  name: string;
  search: string;
  ownerId: string;
  createdSince: Date;
  createdUntil: Date;
  updatedSince: Date;
  updatedUntil: Date;
}>;

export type ContactFilter = SharedFilter & Partial<{ email: string; phone: string }>;
export type LeadFilter = SharedFilter & Partial<{ email: string; phone: string; status: LeadStatus }>;
export type MeetingFilter = SharedFilter & Partial<{ startsSince: Date; startsUntil: Date; attendeeEmail: string }>;

export interface ResourceFilters {
  contact: ContactFilter;
  lead: LeadFilter;
  meeting: MeetingFilter;
}

export type FilterName<Resource extends ResourceName = ResourceName> = Resource extends ResourceName
  ? keyof ResourceFilters[Resource] & string
  : never;

export const ORDER_FIELDS = {
  contact: ["CREATED_AT", "UPDATED_AT", "NAME"],
  lead: ["CREATED_AT", "UPDATED_AT", "NAME"],
  meeting: ["CREATED_AT", "UPDATED_AT", "STARTS_AT"],
} as const satisfies Record<ResourceName, readonly string[]>;

export type OrderField<Resource extends ResourceName = ResourceName> = (typeof ORDER_FIELDS)[Resource][number];

export interface OrderBy<Resource extends ResourceName = ResourceName> {
  field: OrderField<Resource>;
  direction: "ASC" | "DESC";
}
