import { CrmError, invalidInput } from "../../errors/crm-error.js";
import { decoding, Mismatch } from "../../upstream/answer-body.js";
import type { ProviderContext } from "../contract/contract.js";
import {
  FieldProblem,
  type AnyFieldMap,
  type CustomFieldDefinition,
  type InputEntry,
  type NativeRecord,
  type StoredValue,
} from "../contract/field-map.js";
import type { CustomFieldInput, MeetingInput, ResourceInputs } from "../contract/input.js";
import type { MeetingFields, ResourceName } from "../contract/model.js";
import { assertMeetingRange } from "../mapping/meeting-range.js";
import { saysAllTimes, touchesTimes, withMergedTimes } from "../mapping/meeting-times.js";
import { customValueToWrite } from "../mapping/custom-value.js";
import { readDateTime } from "../mapping/json-dialect.js";
import { nativeFields, readRecord } from "../mapping/read-record.js";
import { inputPath, toNative } from "../mapping/write-record.js";
import { canonicalId, notFound, orFailure } from "./adapter-kit.js";
import { notingKnown } from "./known-definitions.js";
import { undoable } from "./undoable.js";
import type { ExistingIds, Lookup, PendingWrite, ResourceRules } from "./resource-rules.js";

/** What a look-up of a write found. */
interface Outcome {
  /** Path of an input → its problem. */
  errors: Readonly<Record<string, string>>;
  /** The definitions that were known before it. */
  known: ReadonlySet<string>;
  /** Takes back what it has changed of the record. */
  undo(): void;
}

/** Reads native fields and parts of one record; null if there is no such record. */
type ReadNative = (context: ProviderContext, id: string, fields: readonly string[]) => Promise<NativeRecord | null>;

/** Whether a meeting of this CRM can be all-day. */
function hasAllDayOf(map: object): boolean {
  const reads = (map as AnyFieldMap).fields["isAllDay"]?.reads;
  return typeof reads === "function" || reads?.length !== 0;
}

/** Whether an update gives some of a meeting's times and leaves others out, so that the stored ones are read. */
export function hasPartOfTimes(map: object, input: MeetingInput): boolean {
  const whole = hasAllDayOf(map) ? input : { ...input, isAllDay: input.isAllDay ?? false };
  return touchesTimes(input) && !saysAllTimes(whole);
}

/** The fields of a meeting's times. */
export const TIMES = new Set(["startAt", "endAt", "isAllDay"]);

type KeptInput = readonly [name: string, entry: InputEntry & { stored: StoredValue }];

/** The inputs of an update that leave out what the CRM would then replace. */
export function inputsToKeep(map: object, input: object): readonly KeptInput[] {
  const { fields, inputs = {} } = map as AnyFieldMap;
  return Object.entries(input).flatMap(([name, value]) => {
    const entry = inputs[name] ?? fields[name]?.write;
    const stored = value === undefined ? undefined : entry?.stored;
    return entry && stored?.isNeeded(value as never) ? [[name, { ...entry, stored }] as const] : [];
  });
}

function keepStored(native: NativeRecord, kept: readonly KeptInput[], input: object, current: NativeRecord): void {
  for (const [name, { stored }] of kept) {
    const value = (input as Record<string, unknown>)[name];
    Object.assign(native, stored.toNative(value as never, current));
  }
}

/**
 * Returns the function that makes a write ready. It finds everything that can be wrong with a write before the first
 * call that changes something.
 */
export function preparation<Resource extends ResourceName, Condition>(
  rules: ResourceRules<Resource, Condition>,
  readNative: ReadNative,
) {
  const { map, calls } = rules;
  const hasAllDay = hasAllDayOf(map);

  return { prepare, explained };

  /** @throws CrmError of the first check that fails, or INVALID_INPUT with the problems of all look-ups */
  async function prepare(
    context: ProviderContext,
    id: string | null,
    given: ResourceInputs[Resource],
  ): Promise<PendingWrite<Resource>> {
    const mode = id === null ? "create" : "update";
    const isMeeting = map.resource === "meeting";
    const named = withCanonicalIds(given);
    let input = id === null ? withoutNulls(named) : named;
    let native = toNative(map, input, mode);
    if (id !== null && !calls.isId(id)) throw notFound(map.resource);
    const mergesTimes = isMeeting && id !== null && hasPartOfTimes(map, input as MeetingInput);
    const kept = id === null ? [] : inputsToKeep(map, input);
    const current = id === null ? null : await readCurrent(context, id, input, mergesTimes, kept);
    if (isMeeting) {
      const whole = wholeTimes(
        context,
        input as MeetingInput,
        id,
        mergesTimes ? current : null,
      ) as ResourceInputs[Resource];
      if (whole !== input) native = toNative(map, whole, mode);
      input = whole;
    }
    if (current) decoding(() => keepStored(native, kept, input, current));
    const write = { id, input, native, current };
    await lookUp(context, write);
    return write;
  }

  /**
   * Runs the call of a write. If a CRM whose own check is enough refuses it without naming an input, the definitions of the
   * custom fields tell which value has the wrong type.
   */
  async function explained<Result>(
    context: ProviderContext,
    { input, native }: PendingWrite<Resource>,
    run: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await run();
    } catch (error) {
      const isNameless =
        error instanceof CrmError && error.code === "INVALID_INPUT" && isEmptyObject(error.details.errors ?? {});
      if (!isNameless || !rules.unknownKeysRefused || !input.customFields?.length) throw error;
      const errors: Record<string, string> = {};
      const refuse = (name: string, problem: string, path?: string) => void (errors[inputPath(name, path)] = problem);
      const definitions = await orFailure(() => rules.customFields!(context));
      if (!(definitions instanceof CrmError)) checkValues(definitions, input.customFields, { ...native }, refuse);
      throw isEmptyObject(errors) ? error : invalidInput(errors, error.details);
    }
  }

  async function readCurrent(
    context: ProviderContext,
    id: string,
    input: ResourceInputs[Resource],
    withTimes: boolean,
    kept: readonly KeptInput[],
  ): Promise<NativeRecord | null> {
    const fields = [
      ...(withTimes ? nativeFields(map, TIMES) : []),
      ...kept.flatMap(([, { native }]) => native),
      ...(rules.current?.(input) ?? []),
    ];
    if (fields.length === 0) return null;
    const current = await readNative(context, id, [...map.identity, ...fields]);
    if (!current) throw notFound(map.resource);
    return current;
  }

  /** Completes a meeting's times. A CRM that gets only some of them would derive the others by rules of its own. */
  function wholeTimes(
    context: ProviderContext,
    input: MeetingInput,
    id: string | null,
    current: NativeRecord | null,
  ): MeetingInput {
    if (current) {
      const { fields, failures } = readRecord(map, id!, current, TIMES, { origin: context.origin, customFields: [] });
      for (const failure of Object.values(failures ?? {})) throw failure;
      return { ...input, ...withMergedTimes(input, fields as unknown as MeetingFields) };
    }
    if (input.startAt && input.endAt) assertMeetingRange(input.startAt, input.endAt);
    return id !== null && !hasAllDay && touchesTimes(input) ? { ...input, isAllDay: input.isAllDay ?? false } : input;
  }

  /**
   * Runs all look-ups at the same time. A problem may be one of definitions that have changed at the CRM: a custom field, an
   * option or a user is new. If a look-up with a problem relied on definitions that were known, these are dropped, and the
   * look-up runs once more.
   * @throws CrmError INVALID_INPUT with the problems of all look-ups, in their order
   */
  async function lookUp(context: ProviderContext, write: PendingWrite<Resource>): Promise<void> {
    const lookups = [checkCustomFields, ...referenceChecks(), ...(rules.lookups ?? [])];
    const outcomes = await settled(lookups.map((lookup) => tried(lookup, context, write)));
    const isStale = ({ errors, known }: Outcome) => !isEmptyObject(errors) && known.size > 0;
    for (const outcome of outcomes) {
      if (!isStale(outcome)) continue;
      for (const definition of outcome.known) context.forget(definition);
      outcome.undo();
    }
    const last = await settled(
      outcomes.map((outcome, index) => (isStale(outcome) ? tried(lookups[index]!, context, write) : outcome)),
    );
    const errors = Object.assign({}, ...last.map((outcome) => outcome.errors)) as Record<string, string>;
    if (!isEmptyObject(errors)) throw invalidInput(errors);
  }

  async function tried(
    lookup: Lookup<Resource>,
    context: ProviderContext,
    write: PendingWrite<Resource>,
  ): Promise<Outcome> {
    const { context: noting, known } = notingKnown(context);
    const view = undoable(write.native);
    const errors: Record<string, string> = {};
    const refuse = (input: string, problem: string, path?: string) => void (errors[inputPath(input, path)] = problem);
    try {
      await lookup(noting, { ...write, native: view.record, refuse });
    } catch (error) {
      if (error instanceof Mismatch) throw error.asError();
      if (!(error instanceof FieldProblem) || error.input === undefined) throw error;
      refuse(error.input, error.message, error.path);
    }
    return { errors, known, undo: () => view.undo() };
  }

  /** Checks custom fields by their definitions, and puts numbers in the place of texts that spell them. */
  async function checkCustomFields(
    ...[context, { input, native, refuse }]: Parameters<Lookup<Resource>>
  ): Promise<void> {
    if (!rules.customFields || rules.unknownKeysRefused) return;
    if (!input.customFields || input.customFields.length === 0) return;
    checkValues(await rules.customFields(context), input.customFields, native, refuse);
  }

  function checkValues(
    definitions: readonly CustomFieldDefinition[],
    given: readonly CustomFieldInput[],
    native: NativeRecord,
    refuse: (input: string, problem: string, path?: string) => void,
  ): void {
    const byKey = new Map(definitions.map((definition) => [definition.key, definition]));
    for (const { key, value } of given) {
      const definition = byKey.get(key);
      if (!definition) refuse("customFields", `${map.providerName} has no custom field with this key.`, key);
      else if (definition.isReadOnly)
        refuse("customFields", `${map.providerName} computes this field and ignores a written value. Omit it.`, key);
      else if ((value ?? "") === "") {
        if ("cleared" in definition) native[key] = definition.cleared;
      } else {
        try {
          const checked = customValueToWrite(definition, value);
          if (definition.type === "NUMBER") native[key] = map.custom!.write(checked);
          const time = definition.type === "DATE_TIME" && map.custom!.writeDateTime && readDateTime(checked);
          if (time) native[key] = map.custom!.writeDateTime!(new Date(time));
        } catch (error) {
          if (!(error instanceof FieldProblem)) throw error;
          refuse("customFields", error.message, key);
        }
      }
    }
  }

  function referenceChecks(): Lookup<Resource>[] {
    const checks = Object.entries((rules.references ?? {}) as Record<string, ExistingIds>);
    return checks.map(([name, existing]) => async (context, { input, refuse }) => {
      const { ids, path } = referencesIn((input as Record<string, unknown>)[name]);
      if (ids.length === 0) return;
      const found = await existing(context, ids);
      const missing = ids.filter((id) => !found.has(id));
      if (missing.length > 0)
        refuse(name, `${map.providerName} has no record with the id ${missing.join(", ")}.`, path);
    });
  }
}

/** Waits for all. @throws the reason of the first that failed, in their order */
async function settled<Value>(promises: readonly (Promise<Value> | Value)[]): Promise<Value[]> {
  const outcomes = await Promise.allSettled(promises);
  return outcomes.map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  });
}

const isEmptyObject = (value: object) => Object.keys(value).length === 0;

/** The ids that an input names: itself, its items, or its `id`. */
export function referencesIn(value: unknown): { ids: readonly string[]; path?: string } {
  if (typeof value === "string") return { ids: [value] };
  if (Array.isArray(value)) return { ids: value as string[] };
  const { id } = (value ?? {}) as { id?: string | null };
  return id ? { ids: [id], path: "id" } : { ids: [] };
}

/** Inputs that are ids of other records, or lists of them. */
const ID_INPUTS: ReadonlySet<string> = new Set(["ownerId", "contactId", "contactIds", "leadIds"]);

function withCanonicalIds<Input extends object>(input: Input): Input {
  const canonical = (name: string, value: unknown): unknown => {
    if (name === "company" && value) return withCanonicalIds(value);
    if (!ID_INPUTS.has(name) && name !== "id") return value;
    if (typeof value === "string") return canonicalId(value);
    return Array.isArray(value) ? [...new Set((value as string[]).map(canonicalId))] : value;
  };
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, canonical(name, value)])) as Input;
}

/** In a create, null is the same as nothing; some CRMs would take it for the wish to do without a default. */
function withoutNulls<Input extends object>(input: Input): Input {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null)) as Input;
}
