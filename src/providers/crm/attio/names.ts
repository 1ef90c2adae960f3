import { membersOf } from "../../kit/classifier.js";
import type { CompositeInput, NativeRecord } from "../../contract/field-map.js";
import type { ContactInput } from "../../contract/input.js";
import { readText } from "../../mapping/json-dialect.js";
import { joinName } from "../../mapping/name-fields.js";
import { listOf } from "./dialect.js";

type NameInput = Pick<ContactInput, "firstName" | "lastName" | "fullName">;

/** A part of a name, which is one value of three. */
export function namePart({ name }: NativeRecord, part: "first_name" | "last_name" | "full_name"): string | null {
  return readText(membersOf(listOf(name)[0])[part]);
}

/** Whether an input changes a name without saying all of it. */
export function needsCurrentName({ firstName, lastName, fullName }: NameInput): boolean {
  const [first, last] = [firstName !== undefined, lastName !== undefined];
  return (first || last || fullName !== undefined) && !(first && last);
}

/**
 * A part that an input leaves out stays; parts that a new whole name is not made of go. Attio wants all three, and has
 * no null for them. Source: docs.attio.com, "Attribute types", "Name".
 */
export function nameOf({ firstName, lastName, fullName }: NameInput, current: NativeRecord): NativeRecord {
  const given = (text: string | null) => (text?.trim() ? text : null);
  const first = firstName === undefined ? namePart(current, "first_name") : given(firstName);
  const last = lastName === undefined ? namePart(current, "last_name") : given(lastName);
  const joined = joinName(first, last);
  const whole = given(fullName ?? null) ?? joined;
  const keepsParts = whole === joined || firstName !== undefined || lastName !== undefined;
  const parts = keepsParts ? { first_name: first ?? "", last_name: last ?? "" } : { first_name: "", last_name: "" };
  return { name: whole === null ? [] : [{ ...parts, full_name: whole }] };
}

export const nameInput: CompositeInput<NameInput> = {
  inputs: ["firstName", "lastName", "fullName"],
  native: ["name"],
  toNative: (input, mode) => (mode === "update" && needsCurrentName(input) ? {} : nameOf(input, {})),
};
