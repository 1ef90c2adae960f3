import type { EmailAddress, PhoneNumber } from "../../../providers/contract/model.js";
import { normalEmail } from "../../../providers/mapping/normal-email.js";
import type { Loaded } from "../loaded.js";
import type { PersonValue } from "./person-finder.js";
import type { PersonResource } from "./person-record.js";
import { companyOf, comparable, fieldsOf, sharedValues, type FieldValue, type ValueRecord } from "./person-values.js";

/** The values of a person, each with the records that it comes from. */
export interface PersonView<Source> {
  fullName: string | null;
  firstPersonal: string | null;
  emails: { address: string; isPersonal: boolean; sources: readonly Source[] }[];
  phones: { number: string; type: PhoneNumber["type"]; sources: readonly Source[] }[];
  companies: { name: string; sources: readonly Source[] }[];
  lastActivityAt: string | null;
  fields: FieldValue<Source>[];
  reasons: { address: string; records: readonly Source[] }[];
}

/** @param sourceOf makes the source of a record's values */
export function personView<Source>(
  { contacts, leads, addresses }: PersonValue,
  sourceOf: (resource: PersonResource, loaded: Loaded<PersonResource>) => Source,
): PersonView<Source> {
  const resource = contacts.length > 0 ? "contact" : "lead";
  const members = contacts.length > 0 ? contacts : leads;
  const records: ValueRecord<Source>[] = members.map(({ loaded }) => ({
    source: sourceOf(resource, loaded),
    changedAt: changedAt(loaded),
    fields: loaded.record.fields,
  }));
  const personal = new Set(addresses);
  const fields = fieldsOf(records);
  const fieldOf = (name: string) => fields.find((field) => field.name === name)?.value;
  const emails = sharedValues(records, listOf<EmailAddress>("emails"), ({ address }) => emailKey(address));
  const phones = sharedValues(records, listOf<PhoneNumber>("phones"), ({ number }) => phoneKey(number));
  const companies = sharedValues(records, (own) => listed(companyOf(own)), comparable);
  return {
    fullName: (fieldOf("fullName") as string | undefined) ?? null,
    lastActivityAt: (fieldOf("lastActivityAt") as string | undefined) ?? null,
    firstPersonal: members.flatMap((member) => member.addresses).find((address) => personal.has(address)) ?? null,
    fields,
    emails: emails.map(({ value: { address }, sources }) => ({
      address,
      isPersonal: personal.has(emailKey(address)),
      sources,
    })),
    phones: phones.map(({ value: { number, type }, sources }) => ({ number, type, sources })),
    companies: companies.map(({ value, sources }) => ({ name: value, sources })),
    reasons: addresses
      .map((address) => ({
        address,
        records: records.filter((_, index) => members[index]!.addresses.includes(address)).map(({ source }) => source),
      }))
      .filter((reason) => reason.records.length > 1),
  };
}

function changedAt({ record: { fields } }: Loaded<PersonResource>): number {
  const time = Date.parse(fields.updatedAt ?? fields.createdAt ?? "");
  return Number.isNaN(time) ? -Infinity : time;
}

const listOf =
  <Item>(name: string) =>
  (fields: Readonly<Record<string, unknown>>): readonly Item[] =>
    (fields[name] as readonly Item[] | null | undefined) ?? [];

function emailKey(address: string): string {
  return normalEmail(address) ?? address.trim().toLowerCase();
}

/** The digits of a number. "00" and "+" both begin the code of a country. */
function phoneKey(number: string): string {
  const digits = number.replace(/[^\d+]/g, "").replace(/^00/, "+");
  return digits === "" ? number : digits;
}

function listed<Item>(item: Item | null): readonly Item[] {
  return item === null ? [] : [item];
}
