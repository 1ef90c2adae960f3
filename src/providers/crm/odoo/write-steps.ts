import { CrmError, invalidInput } from "../../../errors/crm-error.js";
import { isUpstreamNotFound } from "../../kit/adapter-kit.js";
import type { ProviderContext } from "../../contract/contract.js";
import { FieldProblem, type NativeRecord } from "../../contract/field-map.js";
import { inputPath } from "../../mapping/write-record.js";
import { writeCustomValue } from "./custom-values.js";
import { fieldCheck, isCustom, modelFields } from "./definitions.js";
import { existingIds } from "./search-read.js";

/** What a write needs to look up before it is made: ids for names, and what the record has now. */
export interface ModelWrite<Input> {
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
        if (!field) throw new FieldProblem("Odoo has no such field here.");
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
      if (value !== false) problems[inputPath(inputs[name] ?? name)] = `This Odoo has no field for it (${name}).`;
    }
  };
}

/** The relations that inputs write by id. */
const REFERENCES: Readonly<Record<string, string>> = {
  user_id: "res.users",
  parent_id: "res.partner",
  partner_id: "res.partner",
  partner_ids: "res.partner",
  opportunity_id: "crm.lead",
};

/**
 * What Odoo's refusal of a write is about. Of a reference to a record that does not exist it names neither field nor
 * record, or speaks as if the written record itself were missing; so the references are looked at.
 */
export async function explainRefusal(
  context: ProviderContext,
  id: number | null,
  native: NativeRecord,
  error: unknown,
): Promise<unknown> {
  const isMissing = isUpstreamNotFound(error);
  const isUnexplained =
    error instanceof CrmError && error.code === "INVALID_INPUT" && Object.keys(error.details.errors ?? {}).length === 0;
  if (!isMissing && !isUnexplained) return error;
  // What goes wrong in finding out must not hide what went wrong.
  const broken = await brokenReferences(context, native).catch(() => ({}));
  if (Object.keys(broken).length > 0) return invalidInput(broken);
  return isMissing && id === null
    ? invalidInput({}, { detail: "A record that the input refers to does not exist." })
    : error;
}

async function brokenReferences(context: ProviderContext, native: NativeRecord): Promise<Record<string, string>> {
  const broken: Record<string, string> = {};
  for (const [field, model] of Object.entries(REFERENCES)) {
    const ids = referredIds(native[field]);
    if (ids.length === 0) continue;
    const existing = await existingIds(context, model, ids);
    const missing = ids.filter((each) => !existing.has(each));
    if (missing.length > 0) broken[field] = `Odoo has no such record: ${missing.join(", ")}.`;
  }
  return broken;
}

/** The ids in a many2one's value, or in the command that sets a many2many. */
function referredIds(value: unknown): number[] {
  if (typeof value === "number") return [value];
  const command: unknown = Array.isArray(value) ? value[0] : null;
  return Array.isArray(command) ? (command[2] as number[]) : [];
}
