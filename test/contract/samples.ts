import type { Fields, Input, WriteCase } from "./subject.js";

/** Inputs of a meeting that every CRM accepts. The description has quotes, angle brackets and line breaks. */
export function meetingSample(key: string) {
  return {
    title: `Kick-off ${key}`,
    description: 'Agenda:\n1. "hello" & <welcome>\n2. numbers',
    startAt: new Date("2026-09-01T13:30:00.000Z"),
    endAt: new Date("2026-09-01T15:00:00.000Z"),
  };
}

/** A write case as a subject states it: the input, the native record, and the fields that the CRM reads differently. */
export interface Written extends Pick<WriteCase, "input" | "native" | "links"> {
  /** Fields that differ from their input, and fields that the CRM adds. */
  reads?: Fields;
  /** Inputs that the record does not return, because the CRM stores them in another record. */
  notRead?: readonly string[];
}

/** Completes a write case: an input that is neither in `reads` nor in `notRead` must read as it was written. */
export function written({ input, native, links, reads, notRead = [] }: Written): WriteCase {
  const expected = Object.entries({ ...readBack(input), ...reads }).filter(([name]) => !notRead.includes(name));
  return { input, native, reads: Object.fromEntries(expected), links: { ...linksOf(input), ...links } };
}

function readBack({ ownerId, contactId: _contact, contactIds: _contacts, leadIds: _leads, ...fields }: Input): Fields {
  const { firstName, lastName, emails, startAt, endAt } = fields;
  return {
    ...fields,
    ...(firstName !== undefined && lastName !== undefined
      ? { fullName: `${String(firstName)} ${String(lastName)}` }
      : {}),
    ...(fields["fullName"] === undefined ? {} : { fullName: fields["fullName"] }),
    ...(emails === undefined ? {} : { emails: numbered(emails as object[]) }),
    ...(startAt instanceof Date ? { startAt: startAt.toISOString(), isAllDay: fields["isAllDay"] ?? false } : {}),
    ...(endAt instanceof Date ? { endAt: endAt.toISOString() } : {}),
    ...(ownerId === undefined ? {} : { owner: { id: ownerId } }),
  };
}

/** The first e-mail address is the primary one. */
function numbered(emails: readonly object[]): object[] {
  return emails.map((email, index) => ({ ...email, isPrimary: index === 0 }));
}

function linksOf({ contactId, contactIds, leadIds }: Input): Record<string, readonly string[]> {
  return {
    ...(contactId === undefined ? {} : { contact: [contactId as string] }),
    ...(contactIds === undefined ? {} : { contacts: [...new Set(contactIds as string[])] }),
    ...(leadIds === undefined ? {} : { leads: leadIds as string[] }),
  };
}
