import { FieldProblem, type FieldEntry, type NativeRecord } from "../contract/field-map.js";
import type { AddressInput } from "../contract/input.js";
import type { AddressType, PostalAddress } from "../contract/model.js";
import type { ValueDialect } from "./value-dialect.js";

export interface AddressSlot {
  type: AddressType | null;
  street?: string;
  /** Field of the second line. Without it, the line goes below the first if `multiline` is set. */
  street2?: string;
  multiline?: boolean;
  city: string;
  state?: string;
  postalCode?: string;
  country?: string;
}

/** Postal addresses of a CRM that has fields for each kind. An untyped address takes the first free slot. */
export function addressField(dialect: ValueDialect, slots: readonly AddressSlot[]): FieldEntry<PostalAddress[]> {
  const { providerName, cleared, readText } = dialect;
  const nativeOf = (slot: AddressSlot) =>
    [slot.street, slot.street2, slot.city, slot.state, slot.postalCode, slot.country].filter(
      (name) => name !== undefined,
    );
  const names = slots.flatMap(nativeOf);
  const textOf = (record: NativeRecord, name: string | undefined) =>
    name === undefined ? null : readText(record[name]);
  return {
    reads: names,
    read: (record) =>
      slots.flatMap((slot) => {
        const [street1, ...rest] = (textOf(record, slot.street) ?? "").split(slot.multiline ? /\r?\n/ : /(?!)/);
        const own = textOf(record, slot.street2);
        const address = {
          street1: street1 || null,
          street2: own ?? (rest.join("\n") || null),
          city: readText(record[slot.city]),
          state: textOf(record, slot.state),
          postalCode: textOf(record, slot.postalCode),
          country: textOf(record, slot.country),
        };
        return Object.values(address).some((part) => part !== null)
          ? [{ type: slot.type, rawType: null, ...address }]
          : [];
      }),
    write: {
      native: names,
      toNative: (value: AddressInput[] | null) => place(value, {}),
      ...(slots.length > 1 && {
        stored: {
          isNeeded: (value: AddressInput[] | null) => (value ?? []).some(({ type }) => !type),
          toNative: place,
        },
      }),
    },
  };

  /** Untyped addresses keep the places in which they are stored. */
  function place(value: AddressInput[] | null, current: NativeRecord): NativeRecord {
    const native: NativeRecord = {};
    for (const name of names) native[name] = cleared;
    const taken = new Set<AddressSlot>();
    const given = (value ?? []).map((address, index) => ({ address, index }));
    const put = (address: AddressInput, index: number, slot: AddressSlot | undefined) => {
      if (!slot) {
        const kinds = slots.map(({ type }) => type ?? "untyped").join(", ");
        throw new FieldProblem(
          `${providerName} has no place for this address. It stores addresses of these types: ${kinds}.`,
          String(index),
        );
      }
      taken.add(slot);
      Object.assign(native, writeAddress(dialect, slot, address, index));
    };
    const isStored = (slot: AddressSlot, address: AddressInput, index: number) =>
      Object.entries(writeAddress(dialect, slot, address, index)).every(
        ([name, written]) => (readText(current[name]) ?? "") === (readText(written) ?? ""),
      );
    const kept = given.filter(({ address, index }) => {
      const slot = address.type
        ? undefined
        : fitting(slots, address).find((one) => !taken.has(one) && isStored(one, address, index));
      if (slot) put(address, index, slot);
      return slot !== undefined;
    });
    for (const { address, index } of given.filter((one) => !kept.includes(one))) {
      const free = slots.find((slot) => !taken.has(slot) && (!address.type || slot.type === address.type));
      put(address, index, free);
    }
    return native;
  }
}

/** The slots that have all parts of an address. */
function fitting(slots: readonly AddressSlot[], { street1, street2, state, postalCode, country }: AddressInput) {
  return slots.filter(
    (slot) =>
      (!street1 || slot.street !== undefined) &&
      (!street2 || slot.street2 !== undefined || slot.multiline) &&
      (!state || slot.state !== undefined) &&
      (!postalCode || slot.postalCode !== undefined) &&
      (!country || slot.country !== undefined),
  );
}

function writeAddress(
  { providerName, cleared }: ValueDialect,
  slot: AddressSlot,
  address: AddressInput,
  index: number,
): NativeRecord {
  const orCleared = (value: unknown) => value ?? cleared;
  const refuse = (part: string): never => {
    throw new FieldProblem(`${providerName} stores no ${part} in this address. Omit it.`, `${index}.${part}`);
  };
  if (address.street1 && slot.street === undefined) refuse("street1");
  const lines = [address.street1, slot.street2 === undefined ? address.street2 : null].filter((line) => line);
  if (address.street2 && slot.street2 === undefined && !slot.multiline) refuse("street2");
  if (address.postalCode && slot.postalCode === undefined) refuse("postalCode");
  if (address.state && slot.state === undefined) refuse("state");
  if (address.country && slot.country === undefined) refuse("country");
  return {
    ...(slot.street === undefined ? {} : { [slot.street]: orCleared(lines.length > 0 ? lines.join("\n") : null) }),
    ...(slot.street2 === undefined ? {} : { [slot.street2]: orCleared(address.street2) }),
    [slot.city]: orCleared(address.city),
    ...(slot.state === undefined ? {} : { [slot.state]: orCleared(address.state) }),
    ...(slot.postalCode === undefined ? {} : { [slot.postalCode]: orCleared(address.postalCode) }),
    ...(slot.country === undefined ? {} : { [slot.country]: orCleared(address.country) }),
  };
}
