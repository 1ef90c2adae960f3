import { addressField, type AddressSlot } from "./address-field.js";
import { choiceFields } from "./choice-field.js";
import {
  FieldProblem,
  type EdgeEntry,
  type FieldEntry,
  type InputEntry,
  type NativeRecord,
} from "../contract/field-map.js";
import { htmlToText, textToHtml } from "./html-text.js";
import type { EmailInput } from "../contract/input.js";
import { emailList, phoneList, type ListShape } from "./list-fields.js";
import type { CompanyRef, EmailAddress, EmailType, OwnerRef, PhoneType } from "../contract/model.js";
import { timesInput, type TimesRules } from "./meeting-times.js";
import { amountOf, moneyField, readMoney, type MoneyShape } from "./money-field.js";
import { memberAt } from "./members.js";
import { joinName, singleNameInput, type SingleNameRules } from "./name-fields.js";
import { phoneField, type PhoneFields } from "./phone-field.js";
import { referenceInputs } from "./reference-fields.js";
import type { ValueDialect } from "./value-dialect.js";

/** Builders of field entries in one CRM's dialect. An adapter writes all other entries itself. */
export function fieldKit(dialect: ValueDialect) {
  const { providerName, cleared, readText } = dialect;
  const orCleared = (value: unknown) => value ?? cleared;

  function readOnlyText(native: string): FieldEntry<string | null> {
    return { reads: [native], read: (record) => readText(record[native]) };
  }

  function text(native: string): FieldEntry<string | null> {
    return { ...readOnlyText(native), write: input(native, (value: string | null) => orCleared(value)) };
  }

  /** An input that is written to one native field. */
  function input<Value>(native: string, write: (value: Value | null) => unknown = orCleared): InputEntry {
    return { native: [native], toNative: (value: Value | null) => ({ [native]: write(value) }) };
  }

  function readOnlyDateTime(native: string): FieldEntry<string | null> {
    return { reads: [native], read: (record) => dialect.readDateTime(record[native]) };
  }

  /** Times of the creation and of the last change. */
  function stamps(created: string, updated: string) {
    return { createdAt: readOnlyDateTime(created), updatedAt: readOnlyDateTime(updated) };
  }

  /** Whether a native flag is set. An absent flag counts as not set. */
  function flag(native: string): FieldEntry<boolean> {
    return { reads: [native], read: (record) => dialect.readBoolean(record[native]) === true };
  }

  /** A flag that is cleared by unsetting it. */
  function checkbox(native: string): FieldEntry<boolean | null> {
    return {
      ...boolean(native),
      write: input(native, (value: boolean | null) => dialect.writeBoolean(value === true)),
    };
  }

  /** The record's page. @param address builds its URL from the value of the native field and the CRM's origin */
  function url(native: string, address: (id: string, origin: string) => string | null): FieldEntry<string | null> {
    return { reads: [native], read: (record, { origin }) => address(String(record[native]), origin) };
  }

  /** The text of the first native field that has a text. Empty if no field has a text. */
  function firstText(...natives: string[]): FieldEntry<string> {
    return {
      reads: natives,
      read: (record) => natives.map((native) => readText(record[native])).find((text) => text !== null) ?? "",
    };
  }

  function boolean(native: string): FieldEntry<boolean | null> {
    return {
      reads: [native],
      read: (record) => dialect.readBoolean(record[native]),
      write: input(native, (value: boolean | null) => (value === null ? cleared : dialect.writeBoolean(value))),
    };
  }

  /** A field that holds HTML. */
  function html(native: string): FieldEntry<string | null> {
    return {
      reads: [native],
      read: (record) => htmlToText(readText(record[native]) ?? ""),
      write: input(native, (value: string | null) => (value === null ? cleared : textToHtml(value))),
      note: `${providerName} stores HTML. crmesh reads and writes its text.`,
    };
  }

  /** Websites of a CRM that stores one website. */
  function singleWebsite(native: string): FieldEntry<string[]> {
    return {
      reads: [native],
      read: (record) => [readText(record[native])].filter((site) => site !== null),
      write: {
        native: [native],
        toNative(value: string[] | null) {
          if ((value ?? []).length > 1)
            throw new FieldProblem(`${providerName} stores at most one website here. Remove the others.`, "1");
          return { [native]: value?.[0] || cleared };
        },
      },
    };
  }

  /** E-mail addresses of a CRM that has several fields with one untyped address each. */
  function emailSlots(natives: readonly string[]): FieldEntry<EmailAddress[]> {
    return {
      reads: natives,
      read: (record) => emailsFrom(natives.map((native) => readText(record[native]))),
      write: {
        native: natives,
        toNative(value: EmailInput[] | null, isWritable: (native: string) => boolean = () => true) {
          const there = natives.filter(isWritable);
          const addresses = plainAddresses(value);
          if (addresses.length > there.length) {
            const most = there.length === 1 ? "one e-mail address" : `${there.length} e-mail addresses`;
            throw new FieldProblem(
              `${providerName} stores at most ${most} here. Remove the others.`,
              String(there.length),
            );
          }
          return {
            ...Object.fromEntries(natives.map((native) => [native, cleared])),
            ...Object.fromEntries(there.map((native, index) => [native, orCleared(addresses[index])])),
          };
        },
      },
    };
  }

  /** A name with two native parts. If both parts are empty, the first fallback field with a text. */
  function nameFromParts(first: string, last: string, fallbacks: readonly string[] = []): FieldEntry<string> {
    return {
      reads: [first, last, ...fallbacks],
      read: (record) =>
        joinName(readText(record[first]), readText(record[last])) ??
        fallbacks.map((native) => readText(record[native])).find((text) => text !== null) ??
        "",
    };
  }

  /** The id of another record; null for an empty field. @throws Mismatch for a value that is no id */
  const idIn = (record: NativeRecord, native: string) => memberAt(record, native, dialect.readId);

  /** The owner, whose id is in one native field. */
  function ownerById(native: string): FieldEntry<OwnerRef | null> {
    return {
      reads: [native],
      read(record) {
        const id = idIn(record, native);
        return id === null ? null : { id };
      },
    };
  }

  /** The other end of an edge, whose id is in one native field. */
  function edgeById(native: string): EdgeEntry {
    return { reads: [native], read: (record) => [idIn(record, native)].filter((id) => id !== null) };
  }

  /** A company whose id is in one native field. The field of its name is read only if the name is selected. */
  function companyById(native: string, name: string): FieldEntry<CompanyRef | null> {
    return {
      reads: (selects) => (selects("name") ? [native, name] : [native]),
      read(record) {
        const id = idIn(record, native);
        return id === null ? null : { id, name: readText(record[name]) };
      },
    };
  }

  /** Checks the addresses of an input for a CRM that stores no types. */
  function plainAddresses(value: readonly EmailInput[] | null): string[] {
    return (value ?? []).map(({ address, type }, index) => {
      if (type)
        throw new FieldProblem(`${providerName} stores no type for e-mail addresses. Omit the type.`, `${index}.type`);
      if (address.trim() === "")
        throw new FieldProblem(
          "Expected a non-empty e-mail address, got an empty one. Fill it in or omit the entry.",
          `${index}.address`,
        );
      return address.trim();
    });
  }

  return {
    readText,
    idIn,
    text,
    readOnlyText,
    input,
    readOnlyDateTime,
    stamps,
    boolean,
    flag,
    checkbox,
    url,
    firstText,
    ...choiceFields(dialect),
    ...referenceInputs(dialect),
    times: (rules: TimesRules) => timesInput(dialect, rules),
    money: (shape: MoneyShape) => moneyField(dialect, shape),
    readMoney: (amount: unknown, currency: unknown) => readMoney(dialect, amount, currency),
    amountOf,
    html,
    singleEmail: (native: string) => emailSlots([native]),
    emailSlots,
    singleWebsite,
    nameFromParts,
    ownerById,
    edgeById,
    companyById,
    plainAddresses,
    emailList: (shape: ListShape<EmailType>) => emailList(dialect, shape),
    phoneList: (shape: ListShape<PhoneType>) => phoneList(dialect, shape),
    singleName: (rules: SingleNameRules) => singleNameInput(dialect, rules),
    phones: (fields: PhoneFields) => phoneField(dialect, fields),
    addresses: (slots: readonly AddressSlot[]) => addressField(dialect, slots),
  };
}

/** A field that a lead takes from its contact. */
export function ofContact<Value>(field: string): FieldEntry<Value> {
  return {
    reads: [],
    read: () => {
      throw new Error(`${field} is the linked contact's`);
    },
    linked: { edge: "contact", field },
  };
}

/** Builds addresses without types. The first address is the primary one. Omits null. */
export function emailsFrom(addresses: readonly (string | null)[]): EmailAddress[] {
  return addresses
    .filter((address) => address !== null)
    .map((address, index) => ({ address, type: null, rawType: null, isPrimary: index === 0 }));
}
