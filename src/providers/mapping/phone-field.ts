import { FieldProblem, type FieldEntry, type NativeRecord } from "../contract/field-map.js";
import type { PhoneInput } from "../contract/input.js";
import type { PhoneNumber, PhoneType } from "../contract/model.js";
import { isSameEntry } from "./same-entry.js";
import type { ValueDialect } from "./value-dialect.js";

/** Native fields, each with the type of its number: `{ Phone: "WORK", MobilePhone: "MOBILE" }`. */
export type PhoneFields = Readonly<Record<string, PhoneType>>;

interface PhoneSlot {
  native: string;
  type: PhoneType;
  /** The native name if an earlier field has the same type. */
  rawType: string | null;
}

/** Phone numbers of a CRM that has a field for each kind. An untyped number takes the first free field. */
export function phoneField(dialect: ValueDialect, fields: PhoneFields): FieldEntry<PhoneNumber[]> {
  const { providerName, cleared, readText } = dialect;
  const slots = slotsOf(fields);
  return {
    reads: slots.map(({ native }) => native),
    read(record) {
      const found: PhoneNumber[] = [];
      for (const { native, type, rawType } of slots) {
        const number = readText(record[native]);
        if (number !== null) found.push({ number, type, rawType, isPrimary: found.length === 0 });
      }
      return found;
    },
    write: {
      native: slots.map(({ native }) => native),
      toNative: (value: PhoneInput[] | null) => place(value, {}),
      stored: {
        isNeeded: (value: PhoneInput[] | null) => (value ?? []).some(({ type }) => !type),
        toNative: place,
      },
    },
  };

  /** Untyped numbers keep the fields in which they are stored. */
  function place(value: PhoneInput[] | null, current: NativeRecord): NativeRecord {
    const native: NativeRecord = {};
    for (const slot of slots) native[slot.native] = cleared;
    const taken = new Set<string>();
    const given = (value ?? []).map((phone, index) => ({ phone, index }));
    const put = ({ number }: PhoneInput, index: number, slot: PhoneSlot | undefined, problem: string) => {
      if (number.trim() === "")
        throw new FieldProblem(
          "Expected a non-empty phone number, got an empty one. Fill it in or omit the entry.",
          `${index}.number`,
        );
      if (!slot) throw new FieldProblem(problem, String(index));
      taken.add(slot.native);
      native[slot.native] = number.trim();
    };
    // Typed numbers go first, because only some fields fit them. The other numbers take the free fields.
    for (const { phone, index } of given.filter(({ phone: { type } }) => type)) {
      const fitting = slots.filter(({ type }) => type === phone.type);
      const problem =
        fitting.length === 0
          ? `${providerName} stores no ${phone.type} number here. Use another type.`
          : `${providerName} stores at most ${fitting.length} ${phone.type} number here. Remove this number or change its type.`;
      put(
        phone,
        index,
        fitting.find((slot) => !taken.has(slot.native)),
        problem,
      );
    }
    const untyped = given.filter(({ phone: { type } }) => !type);
    const ofStored = ({ number }: PhoneInput) =>
      slots.find((slot) => !taken.has(slot.native) && isSameEntry(current[slot.native], number));
    const others = untyped.filter(({ phone, index }) => {
      const slot = ofStored(phone);
      if (slot) put(phone, index, slot, "");
      return !slot;
    });
    for (const { phone, index } of others) {
      const free = slots.find((slot) => !taken.has(slot.native));
      put(phone, index, free, `${providerName} stores at most ${slots.length} phone numbers here. Remove the others.`);
    }
    return native;
  }
}

function slotsOf(fields: PhoneFields): PhoneSlot[] {
  const entries = Object.entries(fields);
  return entries.map(([native, type], index) => {
    const isRepeated = entries.slice(0, index).some(([, earlier]) => earlier === type);
    return { native, type, rawType: isRepeated ? native : null };
  });
}
