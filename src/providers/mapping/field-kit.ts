import { addressField, type AddressSlot } from "./address-field.js";
import { choiceFields } from "./choice-field.js";
import { FieldProblem, type EdgeEntry, type FieldEntry, type InputEntry } from "../contract/field-map.js";
import { htmlToText, textToHtml } from "./html-text.js";
import type { EmailInput } from "../contract/input.js";
import { emailList, phoneList, type ListShape } from "./list-fields.js";
import type { CompanyRef, EmailAddress, EmailType, OwnerRef, PhoneType } from "../contract/model.js";
import { timesInput, type TimesRules } from "./meeting-times.js";
import { amountOf, moneyField, readMoney, type MoneyShape } from "./money-field.js";
import { joinName, singleNameInput, type SingleNameRules } from "./name-fields.js";
import { phoneField, type PhoneFields } from "./phone-field.js";
import { referenceInputs } from "./reference-fields.js";
import type { ValueDialect } from "./value-dialect.js";

/** Builders of field entries that speak one CRM's dialect; what they cannot say is a small function in the adapter. */
export function fieldKit(dialect: ValueDialect) {
  const { providerName, cleared, readText } = dialect;
  const orCleared = (value: unknown) => value ?? cleared;

  function readOnlyText(native: string): FieldEntry<string | null> {
    return { reads: [native], read: (record) => readText(record[native]) };
  }

  function text(native: string): FieldEntry<string | null> {
    return { ...readOnlyText(native), write: input(native, (value: string | null) => orCleared(value)) };
  }

  /** An input that one native field takes as it is. */
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

  /** Whether a native flag is set. An absent flag is not. */
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

  /** The first native field that has a text. Empty if none has. */
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
      note: `${providerName} keeps HTML; its text is read and written.`,
    };
  }

  /** The websites of a CRM that keeps one. */
  function singleWebsite(native: string): FieldEntry<string[]> {
    return {
      reads: [native],
      read: (record) => [readText(record[native])].filter((site) => site !== null),
      write: {
        native: [native],
        toNative(value: string[] | null) {
          if ((value ?? []).length > 1) throw new FieldProblem(`${providerName} keeps one website here.`, "1");
          return { [native]: value?.[0] || cleared };
        },
      },
    };
  }

  /** E-mail addresses of a CRM that keeps exactly one, without a type. */
  function singleEmail(native: string): FieldEntry<EmailAddress[]> {
    return {
      reads: [native],
      read: (record) => emailsFrom([readText(record[native])]),
      write: {
        native: [native],
        toNative(value: EmailInput[] | null) {
          const addresses = plainAddresses(value);
          if (addresses.length > 1) throw new FieldProblem(`${providerName} keeps one e-mail address here.`, "1");
          return { [native]: orCleared(addresses[0]) };
        },
      },
    };
  }

  /** E-mail addresses of a CRM that has a field for each of the first few, without types. */
  function emailSlots(natives: readonly string[]): FieldEntry<EmailAddress[]> {
    return {
      reads: natives,
      read: (record) => emailsFrom(natives.map((native) => readText(record[native]))),
      write: {
        native: natives,
        toNative(value: EmailInput[] | null) {
          const addresses = plainAddresses(value);
          if (addresses.length > natives.length) {
            throw new FieldProblem(
              `${providerName} keeps ${natives.length} e-mail addresses here.`,
              String(natives.length),
            );
          }
          return Object.fromEntries(natives.map((native, index) => [native, orCleared(addresses[index])]));
        },
      },
    };
  }

  /** The name that a CRM keeps in two parts; the first of the fallbacks that has a text where there is neither. */
  function nameFromParts(first: string, last: string, fallbacks: readonly string[] = []): FieldEntry<string> {
    return {
      reads: [first, last, ...fallbacks],
      read: (record) =>
        joinName(readText(record[first]), readText(record[last])) ??
        fallbacks.map((native) => readText(record[native])).find((text) => text !== null) ??
        "",
    };
  }

  /** A reference that one native field holds as an id, read as the record's owner. */
  function ownerById(native: string): FieldEntry<OwnerRef | null> {
    return {
      reads: [native],
      read(record) {
        const id = readText(record[native]);
        return id === null ? null : { id };
      },
    };
  }

  /** The other end of an edge that one native field holds as an id. */
  function edgeById(native: string): EdgeEntry {
    return { reads: [native], read: (record) => [readText(record[native])].filter((id) => id !== null) };
  }

  /** A company that one native field holds as an id, and another, read where it is wanted, as a name. */
  function companyById(native: string, name: string): FieldEntry<CompanyRef | null> {
    return {
      reads: (selects) => (selects("name") ? [native, name] : [native]),
      read(record) {
        const id = readText(record[native]);
        return id === null ? null : { id, name: readText(record[name]) };
      },
    };
  }

  /** The addresses of an input for a CRM that keeps no types. */
  function plainAddresses(value: readonly EmailInput[] | null): string[] {
    return (value ?? []).map(({ address, type }, index) => {
      if (type) throw new FieldProblem(`${providerName} keeps no type for e-mail addresses.`, `${index}.type`);
      if (address.trim() === "") throw new FieldProblem("An e-mail address cannot be empty.", `${index}.address`);
      return address.trim();
    });
  }

  return {
    readText,
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
    singleEmail,
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

/** A field of a lead that has none of its own: it is that of the lead's contact. */
export function ofContact<Value>(field: string): FieldEntry<Value> {
  return {
    reads: [],
    read: () => {
      throw new Error(`${field} is the linked contact's`);
    },
    linked: { edge: "contact", field },
  };
}

/** Addresses without types, the first being the primary one; absent ones are left out. */
export function emailsFrom(addresses: readonly (string | null)[]): EmailAddress[] {
  return addresses
    .filter((address) => address !== null)
    .map((address, index) => ({ address, type: null, rawType: null, isPrimary: index === 0 }));
}
