import type { Micros } from "./moments.js";

export interface EmailEntry {
  readonly email: string;
  readonly type: string;
}

/**
 * Converts a number with a country code to a plus sign and digits. Any other number stays unchanged, and so does one with
 * an extension: what Close makes of it is not documented.
 */
export function phoneAsKept(number: string): string {
  const text = number.trim();
  return text.startsWith("+") && !/[a-z;#]/i.test(text) ? `+${text.replace(/\D/g, "")}` : text;
}

export interface PhoneEntry {
  /** See `phoneAsKept`. */
  readonly phone: string;
  readonly type: string;
}

export interface UrlEntry {
  readonly url: string;
  readonly type: string;
}

export interface Address {
  readonly label: string;
  readonly address_1: string;
  readonly address_2: string;
  readonly city: string;
  readonly state: string;
  readonly zipcode: string;
  readonly country: string;
}

/** Values by the id of their custom field, without fields that are not set. */
export type CustomValues = Readonly<Record<string, unknown>>;

interface Stamps {
  readonly created: Micros;
  readonly updated: Micros;
}

export interface ContactRow extends Stamps {
  readonly id: string;
  readonly leadId: string;
  readonly name: string | null;
  readonly title: string | null;
  readonly emails: readonly EmailEntry[];
  readonly phones: readonly PhoneEntry[];
  readonly urls: readonly UrlEntry[];
  readonly custom: CustomValues;
}

/** A company, whose people are its contacts. */
export interface LeadRow extends Stamps {
  readonly id: string;
  readonly name: string | null;
  readonly statusId: string;
  readonly description: string | null;
  readonly url: string | null;
  readonly addresses: readonly Address[];
  readonly custom: CustomValues;
}

/** As Close answers it. */
export interface Attendee {
  readonly name: string | null;
  readonly email: string;
  readonly status: "noreply" | "yes" | "no" | "maybe";
  readonly contact_id: string | null;
  readonly user_id: string | null;
  readonly is_organizer: boolean;
}

export interface MeetingRow extends Stamps {
  readonly id: string;
  readonly leadId: string;
  readonly contactId: string | null;
  readonly userId: string;
  readonly title: string;
  readonly note: string | null;
  readonly userNoteHtml: string | null;
  readonly outcomeId: string | null;
  readonly location: string | null;
  readonly conferenceUrl: string | null;
  /** Milliseconds since the epoch. */
  readonly startsAt: number;
  readonly endsAt: number;
  readonly status: string;
  readonly attendees: readonly Attendee[];
}
