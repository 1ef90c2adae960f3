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
  const native = slots.flatMap(nativeOf);
  const textOf = (record: NativeRecord, name: string | undefined) =>
    name === undefined ? null : readText(record[name]);
  return {
    reads: native,
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
              `${providerName} has no place for this address. It stores addresses of these types: ${kinds}.`,
              String(index),
            );
          }
          taken.add(slot);
          Object.assign(written, writeAddress(dialect, slot, address, index));
        }
        return written;
      },
    },
  };
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
