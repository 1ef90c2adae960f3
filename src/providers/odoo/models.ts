import { filterConditions, notFound, orderField } from "../adapter-kit.js";
import type { ListQuery, Page, ProviderContext, ResourceAdapter } from "../contract.js";
import type { FieldMap, NativeRecord } from "../field-map.js";
import type { ResourceFilters, ResourceInputs } from "../input.js";
import type { ResourceName, UnifiedRecord } from "../model.js";
import { nativeFields, readRecord } from "../read-record.js";
import type { Selection } from "../selection.js";
import { toNative } from "../write-record.js";
import { recordId } from "./dialect.js";
import type { Domain } from "./domain.js";
import { isMissingRecord } from "./errors.js";
import { customFieldDefinitions, fieldCheck, withoutMissing } from "./model-fields.js";
import { searchRead, type OdooRecord } from "./queries.js";
import type { RelatedRecords } from "./related-records.js";
import { callMethod } from "./rpc.js";
import {
  absentFields,
  customFields,
  explainRefusal,
  runSteps,
  type PendingWrite,
  type WriteStep,
} from "./write-steps.js";

/** Odoo sets no limit; this keeps answers at a few megabytes. */
const BATCH_MAX = 1_000;

export interface ModelRules<Resource extends ResourceName> {
  map: FieldMap<Resource>;
  /** Which records a listing holds, whatever else it is filtered by. */
  listed(filter: ResourceFilters[Resource]): Domain;
  related: readonly RelatedRecords[];
  edges?: ResourceAdapter<Resource>["edges"];
  steps: readonly WriteStep<ResourceInputs[Resource]>[];
  /** Written with every new record. */
  created?: NativeRecord;
  /** Native fields that a database may lack → the input they are written from. */
  optional: Readonly<Record<string, string>>;
  /** Odoo's context for writes. */
  writeContext?: Readonly<Record<string, unknown>>;
}

/** One model: the calls are the same for all of them. Source: odoo.com/documentation, "External API" and "ORM API". */
export function modelAdapter<Resource extends ResourceName>(rules: ModelRules<Resource>): ResourceAdapter<Resource> {
  const { map, listed, related, edges = {} } = rules;
  const model = map.nativeName;
  const steps = [...rules.steps, customFields(model), absentFields(model, rules.optional)];
  const kwargs = rules.writeContext ? { context: rules.writeContext } : {};

  async function list(context: ProviderContext, query: ListQuery<Resource>): Promise<Page<Resource>> {
    const conditions = [...listed(query.filter), ...filterConditions<Domain>(map, query.filter).flat()];
    const position = positionOf(query);
    const reading = await readingOf(context, query.select);
    const domain = [...conditions, ...position.after];
    const exists = await fieldCheck(
      context,
      model,
      domain.map((part) => String(part[0])),
    );
    const { order, offset } = position;
    const found = await searchRead(context, model, withoutMissing(domain, exists), {
      fields: reading.fields,
      order,
      ...(offset === 0 ? {} : { offset }),
      // One more tells whether there is a next page.
      limit: query.limit + 1,
    });
    const records = found.slice(0, query.limit);
    return {
      records: await reading.read(records),
      next: found.length > query.limit ? position.next(records) : null,
      cap: null,
    };
  }

  /**
   * Without an order the next page begins after the last id, so that nothing is lost or repeated whatever is written
   * meanwhile. With one it begins at an offset: stored times have microseconds that answers do not show, so a page that
   * began after the last time shown would repeat or lose records of that second.
   */
  function positionOf({ orderBy, cursor }: ListQuery<Resource>) {
    if (!orderBy) {
      const after: Domain = cursor === null ? [] : [["id", ">", Number(cursor)]];
      return { order: "id asc", offset: 0, after, next: (page: OdooRecord[]) => String(page.at(-1)!.id) };
    }
    const order = `${orderField(map, orderBy.field)} ${orderBy.direction.toLowerCase()}, id asc`;
    const offset = Number(cursor ?? 0);
    const after: Domain = [];
    return { order, offset, after, next: (page: OdooRecord[]) => String(offset + page.length) };
  }

  async function get(context: ProviderContext, ids: readonly string[], select: Selection) {
    const numbers = ids.map(recordId).filter((id) => id !== null);
    if (numbers.length === 0) return new Map<string, UnifiedRecord<Resource>>();
    const reading = await readingOf(context, select);
    const found = await searchRead(context, model, [["id", "in", numbers]], { fields: reading.fields });
    const records = await reading.read(found);
    return new Map(records.map((record) => [record.nativeId, record]));
  }

  async function readingOf(context: ProviderContext, select: Selection) {
    const definitions = select.has("customFields") ? await customFieldDefinitions(context, model) : [];
    const readContext = { origin: context.origin, customFields: definitions };
    const mapped = nativeFields(map, select);
    const exists = await fieldCheck(context, model, mapped);
    const fields = [...mapped.filter(exists), ...definitions.map(({ key }) => key)];
    const read = async (records: readonly OdooRecord[]): Promise<UnifiedRecord<Resource>[]> => {
      const selected = related.filter(({ field }) => select.has(field));
      const loaded = await Promise.all(selected.map(({ load }) => load(context, records)));
      return records.map((record) => {
        const native: NativeRecord = { ...record };
        selected.forEach(({ as }, index) => (native[as] = loaded[index]!(record)));
        return { ...readRecord(map, String(record.id), native, select, readContext), raw: record };
      });
    };
    return { fields, read };
  }

  /** One call once everything is looked up, so that nothing is ever half written. */
  async function write<Result>(
    context: ProviderContext,
    pending: PendingWrite<ResourceInputs[Resource]>,
    method: "create" | "write",
  ): Promise<Result> {
    await runSteps(context, steps, pending);
    const args = pending.id === null ? [pending.native] : [[pending.id], pending.native];
    try {
      return await callMethod<Result>(context, { model, method, args, kwargs }, false);
    } catch (error) {
      throw await explainRefusal(context, map, pending, error);
    }
  }

  function existingId(id: string): number {
    const number = recordId(id);
    if (number === null) throw notFound(map.resource);
    return number;
  }

  return {
    map,
    batchSize: () => BATCH_MAX,
    list,
    get,
    edges,
    async create(context, given) {
      const input = withoutNulls(given);
      const native = { ...rules.created, ...toNative(map, input, "create") };
      return String(await write<number>(context, { input, id: null, native, problems: {} }, "create"));
    },
    async update(context, nativeId, input) {
      const native = toNative(map, input, "update");
      await write(context, { input, id: existingId(nativeId), native, problems: {} }, "write");
    },
    async delete(context, nativeId) {
      const args = [[existingId(nativeId)]];
      try {
        await callMethod(context, { model, method: "unlink", args, kwargs }, false);
      } catch (error) {
        throw isMissingRecord(error) ? notFound(map.resource) : error;
      }
    },
  };
}

/** In a create, null is the same as nothing; Odoo would take it for the wish to do without a default. */
function withoutNulls<Input extends object>(input: Input): Input {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null)) as Input;
}
