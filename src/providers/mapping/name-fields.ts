import { FieldProblem, type CompositeInput } from "../contract/field-map.js";
import type { ContactInput } from "../contract/input.js";
import type { ValueDialect } from "./value-dialect.js";

type NameInput = Pick<ContactInput, "firstName" | "lastName" | "fullName">;

export interface SingleNameRules {
  native: string;
  isRequired: boolean;
}

/** A name that the CRM stores as one text, so that a part of it cannot be changed alone. */
export function singleNameInput(
  { providerName, cleared }: Pick<ValueDialect, "providerName" | "cleared">,
  { native, isRequired }: SingleNameRules,
): CompositeInput<NameInput> {
  const oneName = `${providerName} stores one name. Send fullName, or send firstName and lastName together.`;
  return {
    inputs: ["fullName", "firstName", "lastName"],
    native: [native],
    toNative({ fullName, firstName, lastName }, mode) {
      const joined = joinName(firstName?.trim(), lastName?.trim());
      if (fullName === undefined && mode === "update" && (firstName === undefined || lastName === undefined)) {
        throw new FieldProblem(oneName, "", "fullName");
      }
      const name = fullName === undefined ? joined : fullName?.trim() || null;
      if (joined !== null && joined !== name) throw new FieldProblem(oneName, "", "fullName");
      if (name === null && isRequired)
        throw new FieldProblem(
          `${providerName} needs a name here. Send fullName, or send firstName and lastName together.`,
          "",
          "fullName",
        );
      return { [native]: name ?? cleared };
    },
  };
}

/** Joins the existing parts of a name. Null if no part exists. */
export function joinName(...parts: (string | null | undefined)[]): string | null {
  const name = parts.filter((part) => part).join(" ");
  return name === "" ? null : name;
}
