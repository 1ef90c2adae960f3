import { CrmError } from "../../errors/crm-error.js";
import type { AnyFieldMap, FieldMap, WriteMode } from "../contract/field-map.js";
import type {
  AddressInput,
  CompanyInput,
  CustomFieldInput,
  EmailInput,
  PhoneInput,
  ResourceInputs,
} from "../contract/input.js";
import type { CompanyRef, CustomField, Money, ResourceName, UnifiedRecord } from "../contract/model.js";
import { inputPath } from "../mapping/write-record.js";
import {
  isEmptyValue,
  isSameAddress,
  isSameCustomValue,
  isSameId,
  isSameMoney,
  isSamePhone,
  isSameText,
  isSameTime,
  isSameUrl,
} from "./same-value.js";

/** A record after a write, with whatever of it is at hand: as it was read back, or as the CRM answered the write. */
type Written = Pick<UnifiedRecord, "links" | "failures"> & { fields: object };

/** Whether a value came out as it was written. Undefined if the record at hand does not show it. */
type Check = (given: unknown, record: Written) => boolean | undefined;

/**
 * Compares what was written with what the CRM has. CRMs drop values without a word: fields that the connection's user may
 * not edit, that a rule of the CRM overwrites, or that it cannot hold. Costs no call, and regards only what `record` shows.
 * @returns PROVIDER_ERROR with the outcome PARTIAL, whose `errors` names every input that came out otherwise; null if none did
 */
export function unwritten<Resource extends ResourceName>(
  map: FieldMap<Resource>,
  mode: WriteMode,
  input: ResourceInputs[Resource],
  record: UnifiedRecord<Resource>,
): CrmError | null {
  const errors = differences(map, mode, input, record);
  if (Object.keys(errors).length === 0) return null;
  return new CrmError("PROVIDER_ERROR", {
    outcome: "PARTIAL",
    errors,
    detail: `${map.providerName} accepted the write, but these fields have other values than the ones that were written. The connection’s user may lack the permission to edit them, or a rule of the CRM changes them.`,
  });
}

/** Input path → a sentence, for every input that came out otherwise. */
export function differences(
  map: Pick<AnyFieldMap, "providerName">,
  mode: WriteMode,
  input: object,
  record: Written,
): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const [name, given] of Object.entries(input)) {
    // In a create, null is the same as nothing.
    if (given === undefined || (mode === "create" && isEmptyValue(given))) continue;
    if (name === "customFields") Object.assign(errors, customDifferences(map, mode, given as never, record));
    else if ((CHECKS[name] ?? sameText(name))(given, record) === false) errors[inputPath(name)] = sentence(map, given);
  }
  return errors;
}

function sentence({ providerName }: Pick<AnyFieldMap, "providerName">, given: unknown): string {
  return isEmptyValue(given)
    ? `${providerName} did not clear this field.`
    : `${providerName} did not store this value as it was written.`;
}

/** The value of a field. Undefined if it was not selected, or could not be read. */
const valueOf = ({ fields, failures }: Written, name: string): unknown =>
  failures?.[name] ? undefined : (fields as Readonly<Record<string, unknown>>)[name];

/** A field of the input's name: empty after it was cleared, else the same by `isSame`. */
function field<Given>(name: string, isSame: (given: Given, value: never) => boolean): Check {
  return (given, record) => {
    const value = valueOf(record, name);
    if (value === undefined) return undefined;
    if (isEmptyValue(given)) return isEmptyValue(value);
    return value !== null && isSame(given as Given, value as never);
  };
}

const sameText = (name: string) => field(name, isSameText);

/** Every written entry must be there. Others may be, too, e.g. the organizer among the contacts of a meeting. */
function list<Given, Value>(name: string, isSame: (given: Given, value: Value) => boolean): Check {
  return field(name, (given: readonly Given[], values: readonly Value[]) =>
    given.every((one) => values.some((value) => isSame(one, value))),
  );
}

/** A word of a picklist. Many CRMs have a default in the place of none. */
function choice(name: string): Check {
  return (given, record) => (isEmptyValue(given) ? undefined : sameText(name)(given, record));
}

/** A word of the account's own picklist. Where its options have numbers, a caller may give the number. */
function ownChoice(name: string): Check {
  return (given, record) => {
    const isNumber = /^\d+$/.test(String(given));
    const value = valueOf(record, name);
    return isNumber && typeof value === "string" && !/^\d+$/.test(value) ? undefined : choice(name)(given, record);
  };
}

function edge(name: string): Check {
  return (given, { links, failures }) => {
    const ids = failures?.[name] ? undefined : (links as Readonly<Record<string, readonly string[]>>)[name];
    if (ids === undefined || isEmptyValue(given)) return undefined;
    return [given].flat().every((id) => ids.some((one) => isSameId(String(id), one)));
  };
}

/** A part of a name. Where the CRM has one name, the part is in it. */
function namePart(name: string): Check {
  return (given, record) => {
    if (valueOf(record, name) !== undefined) return sameText(name)(given, record);
    const whole = valueOf(record, "fullName");
    return typeof whole === "string" && !isEmptyValue(given) ? hasText(whole, String(given)) : undefined;
  };
}

const hasText = (whole: string, part: string) => {
  const plain = (text: string) => text.normalize("NFC").replace(/\s+/g, " ").trim();
  return plain(whole).includes(plain(part));
};

/** Times that were written together with others, or are those of whole days. */
function time(name: string): Check {
  return (given, record) => {
    const value = valueOf(record, name);
    if (typeof value !== "string" || !(given instanceof Date)) return undefined;
    return isSameTime(given, value, valueOf(record, "isAllDay") !== false);
  };
}

const CHECKS: Readonly<Record<string, Check>> = {
  firstName: namePart("firstName"),
  lastName: namePart("lastName"),
  emails: list("emails", (given: EmailInput, { address }: { address: string }) => isSameText(given.address, address)),
  phones: list("phones", (given: PhoneInput, { number }: { number: string }) => isSamePhone(given.number, number)),
  addresses: list("addresses", (given: AddressInput, value: AddressInput) => isSameAddress(given, value)),
  websites: list("websites", isSameUrl),
  videoUrl: field("videoUrl", isSameUrl),
  tags: list("tags", isSameText),
  value: (given, record) => {
    const value = valueOf(record, "value") as Money | null | undefined;
    if (value === undefined) return undefined;
    // Some CRMs have no other "none" than 0.
    if (isEmptyValue(given)) return value === null || Number(value.amount) === 0;
    return value !== null && isSameMoney(given as Money, value);
  },
  company: field("company", (given: CompanyInput, value: CompanyRef) =>
    given.id
      ? isSameId(given.id, value.id ?? "")
      : !given.name || [value.name, value.ownText].some((name) => isSameText(given.name, name)),
  ),
  ownerId: field("owner", (given: string, owner: { id: string }) => isSameId(given, owner.id)),
  contactId: edge("contact"),
  contactIds: edge("contacts"),
  leadIds: edge("leads"),
  doNotContact: field("doNotContact", (given: boolean, value: boolean) => given === value),
  isAllDay: field("isAllDay", (given: boolean, value: boolean) => given === value),
  startAt: time("startAt"),
  endAt: time("endAt"),
  status: choice("status"),
  rawStatus: ownChoice("rawStatus"),
  source: ownChoice("source"),
  leadSource: ownChoice("leadSource"),
  rating: choice("rating"),
  lifecycleStage: choice("lifecycleStage"),
  rawLifecycleStage: ownChoice("rawLifecycleStage"),
};

function customDifferences(
  map: Pick<AnyFieldMap, "providerName">,
  mode: WriteMode,
  given: readonly CustomFieldInput[] | null,
  record: Written,
): Record<string, string> {
  const stored = valueOf(record, "customFields") as readonly CustomField[] | undefined;
  if (stored === undefined) return {};
  const byKey = new Map(stored.map((one) => [one.key, one]));
  const wrong = (given ?? []).filter(({ key, value = null }) => {
    const found = byKey.get(key);
    if (!found || found.value instanceof Error || (mode === "create" && isEmptyValue(value))) return false;
    // Some CRMs have no other "none" of a number than 0.
    return isEmptyValue(value) ? !isEmptyValue(found.value) && found.value !== 0 : !isSameCustomValue(value, found);
  });
  return Object.fromEntries(wrong.map(({ key, value }) => [inputPath("customFields", key), sentence(map, value)]));
}
