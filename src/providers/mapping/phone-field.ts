import { FieldProblem, type FieldEntry, type NativeRecord } from "../contract/field-map.js";
import type { PhoneInput } from "../contract/input.js";
import type { PhoneNumber, PhoneType } from "../contract/model.js";
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
      toNative(value: PhoneInput[] | null, isWritable: (native: string) => boolean = () => true) {
        const native: NativeRecord = {};
        for (const slot of slots) native[slot.native] = cleared;
        const there = slots.filter((slot) => isWritable(slot.native));
        const taken = new Set<string>();
        const place = ({ number }: PhoneInput, index: number, slot: PhoneSlot | undefined, problem: string) => {
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
        for (const [index, phone] of (value ?? []).entries()) {
          if (!phone.type) continue;
          const fitting = there.filter(({ type }) => type === phone.type);
          const problem =
            fitting.length === 0
              ? `${providerName} stores no ${phone.type} number here. Use another type.`
              : `${providerName} stores at most ${fitting.length} ${phone.type} number here. Remove this number or change its type.`;
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
            there.find((slot) => !taken.has(slot.native)),
            `${providerName} stores at most ${there.length} phone numbers here. Remove the others.`,
          );
        }
        return native;
      },
    },
  };
}

function slotsOf(fields: PhoneFields): PhoneSlot[] {
  const entries = Object.entries(fields);
  return entries.map(([native, type], index) => {
    const isRepeated = entries.slice(0, index).some(([, earlier]) => earlier === type);
    return { native, type, rawType: isRepeated ? native : null };
  });
}
