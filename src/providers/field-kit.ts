import { FieldProblem, type CompositeInput, type FieldEntry, type InputEntry, type NativeRecord } from "./field-map.js";
import type { AddressInput, EmailInput, PhoneInput } from "./input.js";
import type { AddressType, EmailAddress, PhoneNumber, PhoneType, PostalAddress } from "./model.js";

/** How a CRM writes the plain kinds of values. */
export interface ValueDialect {
  providerName: string;
  /** What is sent to clear a field. */
  cleared: unknown;
  /** The text of a native value; null when it is the CRM's way of saying "none". */
  readText(value: unknown): string | null;
  /** ISO 8601 in UTC with milliseconds; null when there is none. */
  readDateTime(value: unknown): string | null;
  writeDateTime(value: Date): unknown;
  readBoolean(value: unknown): boolean | null;
  writeBoolean(value: boolean): unknown;
}

export interface PhoneSlot {
  native: string;
  type: PhoneType | null;
  rawType?: string;
}

export interface AddressSlot {
  type: AddressType | null;
  street: string;
  /** Where the CRM has a field of its own for the second line; otherwise it goes below the first where `multiline` says that the street has lines. */
  street2?: string;
  multiline?: boolean;
  city: string;
  state?: string;
  postalCode: string;
  country?: string;
}

/** Unified value and the CRM's own, in pairs; the first pair of a unified value is the one that is written. */
export type ChoiceTable<Unified extends string> = readonly (readonly [Unified, string])[];

/** Builders of field entries that speak one CRM's dialect; what they cannot say is a small function in the adapter. */
export type FieldKit = ReturnType<typeof fieldKit>;

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

  function boolean(native: string): FieldEntry<boolean | null> {
    return {
      reads: [native],
      read: (record) => dialect.readBoolean(record[native]),
      write: input(native, (value: boolean | null) => (value === null ? cleared : dialect.writeBoolean(value))),
    };
  }

  /** A native picklist in unified words; native values that the table lacks read as `other`. */
  function choice<Unified extends string>(
    native: string,
    table: ChoiceTable<Unified>,
    other: Unified,
  ): FieldEntry<Unified | null> {
    return {
      reads: [native],
      read(record) {
        const value = readText(record[native]);
        if (value === null) return null;
        return table.find(([, theirs]) => theirs.toLowerCase() === value.toLowerCase())?.[0] ?? other;
      },
    };
  }

  /** Writes a picklist from its unified input or, for values of the account's own, from its raw one; not from both. */
  function choiceInput<Unified extends string, Name extends string, Raw extends string>(
    name: Name,
    raw: Raw,
    native: string,
    table: ChoiceTable<Unified>,
  ): CompositeInput<{ [Key in Name]?: Unified | null | undefined } & { [Key in Raw]?: string | null | undefined }> {
    return {
      inputs: [name, raw] as never,
      native: [native],
      toNative(given) {
        const unified = given[name] as Unified | null | undefined;
        const rawValue = given[raw] as string | null | undefined;
        if (unified && rawValue) throw new FieldProblem(`Give either ${name} or ${raw}.`, "", raw);
        if (rawValue) return { [native]: rawValue };
        return { [native]: unified ? theirs(table, unified, name) : cleared };
      },
    };
  }

  function theirs<Unified extends string>(table: ChoiceTable<Unified>, value: Unified, name: string): string {
    const found = table.find(([ours]) => ours === value)?.[1];
    if (found !== undefined) return found;
    throw new FieldProblem(
      `${providerName} has no such value; it has ${[...new Set(table.map(([ours]) => ours))].join(", ")}.`,
      "",
      name,
    );
  }

  /** A picklist that is written in unified words only. */
  function writableChoice<Unified extends string>(
    native: string,
    table: ChoiceTable<Unified>,
    other: Unified,
    name: string,
  ): FieldEntry<Unified | null> {
    return {
      ...choice(native, table, other),
      write: input(native, (value: Unified | null) => (value === null ? cleared : theirs(table, value, name))),
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

  /** The addresses of an input for a CRM that keeps no types. */
  function plainAddresses(value: readonly EmailInput[] | null): string[] {
    return (value ?? []).map(({ address, type }, index) => {
      if (type) throw new FieldProblem(`${providerName} keeps no type for e-mail addresses.`, `${index}.type`);
      if (address.trim() === "") throw new FieldProblem("An e-mail address cannot be empty.", `${index}.address`);
      return address.trim();
    });
  }

  /** Phone numbers of a CRM that has a field for each kind; an untyped number takes the first free slot. */
  function phones(slots: readonly PhoneSlot[]): FieldEntry<PhoneNumber[]> {
    return {
      reads: slots.map(({ native }) => native),
      read(record) {
        const found: PhoneNumber[] = [];
        for (const { native, type, rawType } of slots) {
          const number = readText(record[native]);
          if (number !== null) found.push({ number, type, rawType: rawType ?? null, isPrimary: found.length === 0 });
        }
        return found;
      },
      write: {
        native: slots.map(({ native }) => native),
        toNative(value: PhoneInput[] | null) {
          const native: NativeRecord = {};
          for (const slot of slots) native[slot.native] = cleared;
          const taken = new Set<string>();
          const place = ({ number }: PhoneInput, index: number, slot: PhoneSlot | undefined, problem: string) => {
            if (number.trim() === "") throw new FieldProblem("A phone number cannot be empty.", `${index}.number`);
            if (!slot) throw new FieldProblem(problem, String(index));
            taken.add(slot.native);
            native[slot.native] = number.trim();
          };
          // Typed numbers first: they have one place each, the others take what is left.
          for (const [index, phone] of (value ?? []).entries()) {
            if (!phone.type) continue;
            const fitting = slots.filter(({ type }) => type === phone.type);
            const problem =
              fitting.length === 0
                ? `${providerName} keeps no ${phone.type} number here.`
                : `${providerName} keeps ${fitting.length} ${phone.type} number here.`;
            place(
              phone,
              index,
              fitting.find((slot) => !taken.has(slot.native)),
              problem,
            );
          }
          for (const [index, phone] of (value ?? []).entries()) {
            if (phone.type) continue;
            place(
              phone,
              index,
              slots.find((slot) => !taken.has(slot.native)),
              `${providerName} keeps ${slots.length} phone numbers here.`,
            );
          }
          return native;
        },
      },
    };
  }

  function addresses(slots: readonly AddressSlot[]): FieldEntry<PostalAddress[]> {
    const nativeOf = (slot: AddressSlot) =>
      [slot.street, slot.street2, slot.city, slot.state, slot.postalCode, slot.country].filter(
        (name) => name !== undefined,
      );
    const native = slots.flatMap(nativeOf);
    return {
      reads: native,
      read: (record) =>
        slots.flatMap((slot) => {
          const [street1, ...rest] = (readText(record[slot.street]) ?? "").split(slot.multiline ? /\r?\n/ : /(?!)/);
          const own = slot.street2 === undefined ? null : readText(record[slot.street2]);
          const address = {
            street1: street1 || null,
            street2: own ?? (rest.join("\n") || null),
            city: readText(record[slot.city]),
            state: slot.state === undefined ? null : readText(record[slot.state]),
            postalCode: readText(record[slot.postalCode]),
            country: slot.country === undefined ? null : readText(record[slot.country]),
          };
          return Object.values(address).some((part) => part !== null)
            ? [{ type: slot.type, rawType: null, ...address }]
            : [];
        }),
      write: {
        native,
        toNative(value: AddressInput[] | null) {
          const written: NativeRecord = {};
          for (const name of native) written[name] = cleared;
          const taken = new Set<AddressSlot>();
          for (const [index, address] of (value ?? []).entries()) {
            const slot = slots.find(
              (candidate) => !taken.has(candidate) && (!address.type || candidate.type === address.type),
            );
            if (!slot) {
              const kinds = slots.map(({ type }) => type ?? "untyped").join(", ");
              throw new FieldProblem(
                `${providerName} has no place for this address; it keeps: ${kinds}.`,
                String(index),
              );
            }
            taken.add(slot);
            Object.assign(written, writeAddress(slot, address, index));
          }
          return written;
        },
      },
    };
  }

  function writeAddress(slot: AddressSlot, address: AddressInput, index: number): NativeRecord {
    const refuse = (part: string): never => {
      throw new FieldProblem(`${providerName} has no ${part} in this address.`, `${index}.${part}`);
    };
    const lines = [address.street1, slot.street2 === undefined ? address.street2 : null].filter((line) => line);
    if (address.street2 && slot.street2 === undefined && !slot.multiline) refuse("street2");
    if (address.state && slot.state === undefined) refuse("state");
    if (address.country && slot.country === undefined) refuse("country");
    return {
      [slot.street]: orCleared(lines.length > 0 ? lines.join("\n") : null),
      ...(slot.street2 === undefined ? {} : { [slot.street2]: orCleared(address.street2) }),
      [slot.city]: orCleared(address.city),
      ...(slot.state === undefined ? {} : { [slot.state]: orCleared(address.state) }),
      [slot.postalCode]: orCleared(address.postalCode),
      ...(slot.country === undefined ? {} : { [slot.country]: orCleared(address.country) }),
    };
  }

  return {
    readText,
    text,
    readOnlyText,
    input,
    readOnlyDateTime,
    boolean,
    choice,
    choiceInput,
    writableChoice,
    singleEmail,
    singleWebsite,
    plainAddresses,
    phones,
    addresses,
  };
}

/** Addresses without types, the first being the primary one; absent ones are left out. */
export function emailsFrom(addresses: readonly (string | null)[]): EmailAddress[] {
  return addresses
    .filter((address) => address !== null)
    .map((address, index) => ({ address, type: null, rawType: null, isPrimary: index === 0 }));
}

/** A name from its parts, absent ones left out; null when none is there. */
export function joinName(...parts: (string | null | undefined)[]): string | null {
  const name = parts.filter((part) => part).join(" ");
  return name === "" ? null : name;
}
