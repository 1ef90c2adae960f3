import { invalidInput } from "../../errors/crm-error.js";
import { chunks, filterConditions, notFound, orderField, writing } from "./adapter-kit.js";
import type { EdgeIds, EdgeLoader, ListQuery, Page, ProviderContext, ResourceAdapter } from "../contract/contract.js";
import {
  FieldProblem,
  type AnyFieldMap,
  type CustomFieldDefinition,
  type FieldMap,
  type NativeRecord,
} from "../contract/field-map.js";
import type { MeetingInput, ResourceInputs } from "../contract/input.js";
import { assertMeetingRange } from "../mapping/meeting-range.js";
import { saysAllTimes, touchesTimes, withMergedTimes } from "../mapping/meeting-times.js";
import type { EdgeName, MeetingFields, ResourceName, UnifiedRecord } from "../contract/model.js";
import { nativeFields, readRecord } from "../mapping/read-record.js";
import type { Selection } from "../contract/selection.js";
import { inputPath, toNative, writeByDefinition } from "../mapping/write-record.js";

/** A listing in the CRM's own terms. */
export interface NativeQuery<Condition> {
  /** What the field map made of the filters; all must hold. */
  conditions: readonly Condition[];
  order: { field: string; direction: "ASC" | "DESC" } | null;
  limit: number;
  cursor: string | null;
  reading: Reading;
}

/** What of its records a read has to bring along. */
export interface Reading {
  /** Native fields, custom ones included, without doubles. */
  fields: readonly string[];
  /** Whether a part of a record that is no field of it (`$name`) is needed, too. */
  needs(part: `$${string}`): boolean;
}

export interface NativePage {
  /** May have been fewer than asked for, or none, although there is a next page. */
  records: readonly NativeRecord[];
  next: string | null;
  cap?: Page["cap"];
}

/** What a CRM's API does with one resource, in its own terms. */
export interface ResourceCalls<Resource extends ResourceName, Condition> {
  /** Most ids that `read` takes at once; a function where it depends on what is read of them. */
  batchSize: number | ((select: Selection) => number);
  /** Whether a text can be an id there; what cannot be one is absent without a call. */
  isId(text: string): boolean;
  /** `id` where nothing is said. */
  idOf?(native: NativeRecord): string;
  list(context: ProviderContext, query: NativeQuery<Condition>): Promise<NativePage>;
  /** Those of the records that exist, in any order. */
  read(context: ProviderContext, ids: readonly string[], reading: Reading): Promise<readonly NativeRecord[]>;
  /** Resolves to the new record's id. */
  create?(context: ProviderContext, native: NativeRecord, input: ResourceInputs[Resource]): Promise<string>;
  update?(context: ProviderContext, id: string, native: NativeRecord, input: ResourceInputs[Resource]): Promise<void>;
  delete?(context: ProviderContext, id: string): Promise<void>;
}

/** A write that has passed the field map, on its way to the CRM. */
export interface PendingWrite<Resource extends ResourceName> {
  /** null in a create. */
  id: string | null;
  input: ResourceInputs[Resource];
  /** May be changed: ids in the place of names, for instance. */
  native: NativeRecord;
}

/** Which of the ids are those of existing records. */
export type ExistingIds = (context: ProviderContext, ids: readonly string[]) => Promise<ReadonlySet<string>>;

export interface ResourceRules<Resource extends ResourceName, Condition> {
  map: FieldMap<Resource>;
  calls: ResourceCalls<Resource, Condition>;
  /** Edges that the records do not carry themselves. */
  edges?: ResourceAdapter<Resource>["edges"];
  /** What the CRM says of its custom fields. With it, keys that do not exist are refused before a write. */
  customFields?(context: ProviderContext): Promise<readonly CustomFieldDefinition[]>;
  /** Set where the CRM itself or `prepare` refuses such keys by name, so that they need no look-up before a write. */
  unknownKeysRefused?: boolean;
  /** Adds what the records only refer to, under names with a dollar. */
  complete?(
    context: ProviderContext,
    records: readonly NativeRecord[],
    reading: Reading,
  ): Promise<readonly NativeRecord[]>;
  /** Inputs that name other records by id, where the CRM would not say clearly that there is no such record. */
  references?: { readonly [Input in keyof ResourceInputs[Resource]]?: ExistingIds };
  /**
   * Look-ups and checks before a write.
   * @throws FieldProblem that names its input, CrmError
   */
  prepare?(context: ProviderContext, write: PendingWrite<Resource>): Promise<void>;
  /** What was read by the ids that were asked for, where a record answers to others than its own. */
  byAskedId?(natives: readonly NativeRecord[], ids: readonly string[]): ReadonlyMap<string, NativeRecord>;
}

/** An adapter's resource, made of its field map and the CRM's calls: all that is the same for every CRM is here. */
export function resourceAdapter<Resource extends ResourceName, Condition>(
  rules: ResourceRules<Resource, Condition>,
): ResourceAdapter<Resource> {
  const { map, calls } = rules;
  const idOf = calls.idOf ?? ((native: NativeRecord) => String(native["id"]));
  const allDayReads = (map as AnyFieldMap).fields["isAllDay"]?.reads;
  const hasAllDay = typeof allDayReads === "function" || allDayReads?.length !== 0;
  const batchSize = (select: Selection) =>
    typeof calls.batchSize === "number" ? calls.batchSize : calls.batchSize(select);

  async function list(context: ProviderContext, query: ListQuery<Resource>): Promise<Page<Resource>> {
    const conditions = filterConditions<Condition>(map, query.filter);
    const order = query.orderBy && {
      field: orderField(map, query.orderBy.field),
      direction: query.orderBy.direction,
    };
    const { reading, toRecords } = await readingOf(context, query.select);
    const { limit, cursor } = query;
    const { records, next, cap = null } = await calls.list(context, { conditions, order, limit, cursor, reading });
    return { records: await toRecords(records), next, cap };
  }

  async function get(context: ProviderContext, nativeIds: readonly string[], select: Selection) {
    const ids = [...new Set(nativeIds.filter((id) => calls.isId(id)))];
    if (ids.length === 0) return new Map<string, UnifiedRecord<Resource>>();
    const { reading, toRecords } = await readingOf(context, select);
    const natives = await calls.read(context, ids, reading);
    const byId = rules.byAskedId?.(natives, ids);
    const asked = byId && [...byId.keys()];
    const records = await toRecords(byId ? [...byId.values()] : natives);
    return new Map(records.map((record, index) => [asked?.[index] ?? record.nativeId, record]));
  }

  async function readingOf(context: ProviderContext, select: Selection) {
    const customFields = select.has("customFields") ? ((await rules.customFields?.(context)) ?? []) : [];
    const wanted = new Set([...nativeFields(map, select), ...customFields.map(({ key }) => key)]);
    const reading: Reading = {
      fields: [...wanted].filter((name) => !name.startsWith("$")),
      needs: (part) => wanted.has(part),
    };
    const readContext = { origin: context.origin, customFields };
    const toRecords = async (natives: readonly NativeRecord[]): Promise<UnifiedRecord<Resource>[]> => {
      const complete = rules.complete && natives.length > 0 ? await rules.complete(context, natives, reading) : natives;
      return complete.map((native, index) => ({
        ...readRecord(map, idOf(native), native, select, readContext),
        raw: natives[index]!,
      }));
    };
    return { reading, toRecords };
  }

  /** All that can be wrong with a write is found here, before any call that changes something. */
  async function prepared(
    context: ProviderContext,
    id: string | null,
    given: ResourceInputs[Resource],
  ): Promise<PendingWrite<Resource>> {
    const mode = id === null ? "create" : "update";
    let input = id === null ? withoutNulls(given) : given;
    let native = toNative(map, input, mode);
    if (id !== null) assertId(id);
    if (map.resource === "meeting") {
      const whole = (await wholeTimes(context, id, input as MeetingInput)) as ResourceInputs[Resource];
      if (whole !== input) native = toNative(map, whole, mode);
      input = whole;
    }
    await checkCustomFields(context, input, native);
    await checkReferences(context, input);
    const write = { id, input, native };
    try {
      await rules.prepare?.(context, write);
    } catch (error) {
      if (!(error instanceof FieldProblem) || error.input === undefined) throw error;
      throw invalidInput({ [inputPath(error.input, error.path)]: error.message });
    }
    return write;
  }

  /** A meeting's times as a whole: CRMs that are told only a part make up the rest in ways of their own. */
  async function wholeTimes(context: ProviderContext, id: string | null, given: MeetingInput): Promise<MeetingInput> {
    // Where the CRM has no all-day meetings, start and end are all there is to know.
    const known = { ...given, isAllDay: given.isAllDay ?? false };
    const input = id !== null && !hasAllDay && saysAllTimes(known) ? known : given;
    if (id !== null && touchesTimes(input) && !saysAllTimes(input)) {
      const select = new Set(["startAt", "endAt", "isAllDay"]);
      const record = (await get(context, [id], select)).get(id);
      if (!record) throw notFound(map.resource);
      return { ...input, ...withMergedTimes(input, record.fields as unknown as MeetingFields) };
    }
    if (input.startAt && input.endAt) assertMeetingRange(input.startAt, input.endAt);
    return input;
  }

  async function checkCustomFields(context: ProviderContext, input: ResourceInputs[Resource], native: NativeRecord) {
    if (!rules.customFields || rules.unknownKeysRefused) return;
    if (!input.customFields || input.customFields.length === 0) return;
    writeByDefinition(map, native, input.customFields, await rules.customFields(context));
  }

  async function checkReferences(context: ProviderContext, input: ResourceInputs[Resource]): Promise<void> {
    const errors: Record<string, string> = {};
    const checks = Object.entries((rules.references ?? {}) as Record<string, ExistingIds>);
    await Promise.all(
      checks.map(async ([name, existing]) => {
        const value = (input as Record<string, unknown>)[name] as string | readonly string[] | null | undefined;
        const ids = typeof value === "string" ? [value] : (value ?? []);
        if (ids.length === 0) return;
        const found = await existing(context, ids);
        const missing = ids.filter((id) => !found.has(id));
        if (missing.length > 0)
          errors[inputPath(name)] = `${map.providerName} has no record with the id ${missing.join(", ")}.`;
      }),
    );
    if (Object.keys(errors).length > 0) throw invalidInput(errors);
  }

  function assertId(id: string): void {
    if (!calls.isId(id)) throw notFound(map.resource);
  }

  const { create, update, delete: remove } = calls;
  return {
    map,
    batchSize,
    list,
    get,
    ...(create && {
      async create(context, given) {
        const { native, input } = await prepared(context, null, given);
        return writing(map, () => create.call(calls, context, native, input));
      },
    }),
    ...(update && {
      async update(context, id, given) {
        const { native, input } = await prepared(context, id, given);
        await writing(map, () => update.call(calls, context, id, native, input));
      },
    }),
    ...(remove && {
      async delete(context, id) {
        assertId(id);
        await writing(map, () => remove.call(calls, context, id));
      },
    }),
    edges: {
      ...Object.fromEntries(
        Object.keys(map.edges ?? {}).map((edge) => [edge, ownEdge({ get, batchSize }, edge as EdgeName<Resource>)]),
      ),
      ...rules.edges,
    },
  };
}

/** In a create, null is the same as nothing; some CRMs would take it for the wish to do without a default. */
function withoutNulls<Input extends object>(input: Input): Input {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null)) as Input;
}

/** An edge that every record carries itself. */
function ownEdge<Resource extends ResourceName>(
  { get, batchSize }: Pick<ResourceAdapter<Resource>, "get" | "batchSize">,
  edge: EdgeName<Resource>,
): EdgeLoader {
  const select = new Set([edge]);
  return {
    batchSize: batchSize(select),
    async load(context, nativeIds) {
      const records = await get(context, nativeIds, select);
      return new Map([...records].map(([id, { links }]) => [id, { ids: links[edge] ?? [], complete: true }]));
    },
  };
}

/** The edges of records, from the ids at both ends of each. */
export function edgesFrom(pairs: Iterable<readonly [from: string, to: string]>): Map<string, EdgeIds> {
  const byRecord = Map.groupBy(pairs, ([from]) => from);
  return new Map(
    [...byRecord].map(([id, own]) => [id, { ids: [...new Set(own.map(([, to]) => to))], complete: true }]),
  );
}

/** The ids of a resource that exist, by reading them. */
export function existingOf({ get, batchSize }: Pick<ResourceAdapter, "get" | "batchSize">): ExistingIds {
  const select = new Set<string>();
  return async (context, ids) => {
    const batches = chunks([...new Set(ids)], batchSize(select));
    const found = await Promise.all(batches.map((batch) => get(context, batch, select)));
    return new Set(found.flatMap((records) => [...records.keys()]));
  };
}
