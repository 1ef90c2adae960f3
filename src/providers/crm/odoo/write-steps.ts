import { invalidInput } from "../../../errors/crm-error.js";
import type { ProviderContext } from "../../contract/contract.js";
import { FieldProblem, type NativeRecord } from "../../contract/field-map.js";
import { inputPath } from "../../mapping/write-record.js";
import { fieldCheck, isCustom, modelFields, writeCustomValue } from "./definitions.js";

/** What a write needs to look up before it is made: ids for names, and what the record has now. */
interface ModelWrite<Input> {
  input: Input;
  /** null in a create. */
  id: string | null;
  /** What will be written; the steps put ids in the place of names. */
  native: NativeRecord;
  /** Input path → what is wrong with it; reported together, before anything is written. */
  problems: Record<string, string>;
}

export type WriteStep<Input = unknown> = (context: ProviderContext, write: ModelWrite<Input>) => Promise<void>;

/** @throws CrmError INVALID_INPUT naming every input that a step could not resolve */
export async function runSteps<Input>(
  context: ProviderContext,
  steps: readonly WriteStep<Input>[],
  pending: Omit<ModelWrite<Input>, "problems">,
): Promise<void> {
  const problems: Record<string, string> = {};
  for (const step of steps) await step(context, { ...pending, problems });
  if (Object.keys(problems).length > 0) throw invalidInput(problems);
}

/** Custom fields are written by their type; an unknown one would fail without its name. */
export function customFields(model: string): WriteStep {
  return async (context, { native, problems }) => {
    const names = Object.keys(native).filter(isCustom);
    if (names.length === 0) return;
    const fields = await modelFields(context, model);
    for (const name of names) {
      try {
        const field = fields[name];
        if (!field) throw new FieldProblem("Odoo has no custom field with this key.");
        native[name] = writeCustomValue(native[name], field);
      } catch (error) {
        if (!(error instanceof FieldProblem)) throw error;
        problems[inputPath("customFields", name)] = error.message;
      }
    }
  };
}

/** Clearing a field that this database lacks changes nothing; a value for it is refused. */
export function absentFields(model: string, inputs: Readonly<Record<string, string>>): WriteStep {
  return async (context, { native, problems }) => {
    const exists = await fieldCheck(context, model, Object.keys(native));
    for (const [name, value] of Object.entries(native)) {
      if (exists(name)) continue;
      delete native[name];
      if (value !== false)
        problems[inputPath(inputs[name] ?? name)] =
          `This Odoo database does not have the field ${name}. Omit the value.`;
    }
  };
}
