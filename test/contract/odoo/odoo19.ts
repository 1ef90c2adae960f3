import { textOf } from "../stage/truth.js";
import type { Fields, Fresh, Input, NarrowSubject, ResourceSubject, WriteCase } from "../subject.js";
import { someWith } from "./shared.js";

/** What differs in Odoo 19: people and leads have no mobile number. */
export function withoutMobile(resource: "contact" | "lead", subject: ResourceSubject): ResourceSubject {
  return {
    ...subject,
    fields: {
      ...subject.fields,
      phones: {
        native: ["phone"],
        of: ({ phone }) =>
          textOf(phone) === null ? [] : [{ number: textOf(phone), type: "WORK", rawType: null, isPrimary: true }],
      },
    },
    filters: {
      ...subject.filters,
      phone: {
        values: (world) => [someWith(world, resource, "phone")["phone"], "555"],
        passes: ({ phone }, value: string) => phone === value,
      },
    },
    ...(resource === "contact" && { narrow: withoutNumbers }),
    full: (fresh: Fresh) => onePhone(subject.full(fresh)),
    variants: (fresh: Fresh) => subject.variants(fresh).filter(({ native }) => !("mobile" in native)),
  };
}

/** The contacts of a narrow database have no number at all. */
const withoutNumbers: NarrowSubject = {
  columns: { email: true, phone: false, mobile: false, website: false },
  refusedFilters: ["phone"],
  writes: () => [
    { input: { phones: [], websites: [], title: "CTO" }, reads: { phones: [], websites: [], title: "CTO" } },
  ],
  refusedWrites: () => [
    { input: { phones: [{ number: "+1 1" }] }, errors: ["input.phones.0"] },
    { input: { websites: ["https://a.example"] }, errors: ["input.websites"] },
  ],
};

function onePhone({ input, reads, native, ...rest }: WriteCase): WriteCase {
  const { mobile: _mobile, ...others } = native;
  return { ...rest, input: firstPhone(input), reads: firstPhone(reads), native: others };
}

function firstPhone<Values extends Input | Fields>(values: Values): Values {
  const phones = values["phones"] as unknown[] | undefined;
  return phones ? { ...values, phones: phones.slice(0, 1) } : values;
}
