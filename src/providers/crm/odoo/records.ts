import { CrmError } from "../../../errors/crm-error.js";
import type { ProviderContext, ResourceAdapter } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import type { ResourceName } from "../../contract/model.js";
import { afterwards, orFailure } from "../../kit/adapter-kit.js";
import { anchoredPage } from "../../kit/anchored-page.js";
import { resourceAdapter } from "../../kit/resource-kit.js";
import type { NativePage, NativeQuery, Reading, ResourceRules } from "../../kit/resource-rules.js";
import { withUnread } from "../../mapping/unread.js";
import type { Decoder } from "../../../upstream/answer-body.js";
import { created, done } from "./answers.js";
import { callWrite, searchRead } from "./api.js";
import { costOf } from "./cost.js";
import {
  columnsOf,
  customFieldDefinitions,
  customReferences,
  fieldCheck,
  OPTIONAL,
  withoutMissing,
} from "./definitions.js";
import { readDateTime, recordId } from "./dialect.js";
import { explainRefusal } from "./errors.js";
import { absentFields, customValues, tagNames, tagsByName, type RelatedRecords } from "./lookups.js";
import { beginning, type Domain } from "./query.js";

/** Odoo sets no limit; this keeps answers at a few megabytes. */
const BATCH_MAX = 1_000;

interface ModelRules<Resource extends ResourceName> extends Pick<
  ResourceRules<Resource, Domain>,
  "map" | "edges" | "current" | "lookups"
> {
  /** Which records a listing holds, whatever else it is filtered by. */
  listed: (conditions: Domain) => Domain;
  /** Adapts the domain of a listing to the database. */
  adapted?: (context: ProviderContext, domain: Domain) => Promise<Domain>;
  /** The field of the record's tags, and the model of the tags. */
  tags: readonly [field: string, model: string];
  related?: readonly RelatedRecords[];
  /** Written with every new record. */
  created?: (context: ProviderContext) => Promise<NativeRecord>;
  /** Native fields that a database may lack → the input they are written from. */
  optional: Readonly<Record<string, string>>;
  /** The calls that a write needs, with the values of each. One call by default. */
  steps?: (native: NativeRecord, current: NativeRecord | null) => readonly NativeRecord[];
  /** Odoo's context for writes. */
  writeContext?: Readonly<Record<string, unknown>>;
}

/** One model: the calls are the same for all of them. Source: odoo.com/documentation, "External API" and "ORM API". */
export function modelAdapter<Resource extends ResourceName>(rules: ModelRules<Resource>): ResourceAdapter<Resource> {
  const { map, listed, adapted, tags, optional, created: initial, writeContext, lookups = [], ...others } = rules;
  const { steps = (native) => [native] } = rules;
  const model = map.nativeName;
  const related = [tagNames(...tags), ...(rules.related ?? [])];
  const inContext = writeContext ? { context: writeContext } : {};

  async function list(context: ProviderContext, query: NativeQuery<Domain>): Promise<NativePage> {
    const { order, cursor, limit } = query;
    // Without an order, the next page begins after the last id.
    if (!order) {
      const after: Domain = cursor === null ? [] : [["id", ">", Number(cursor)]];
      const { records, hasMore } = await part(context, query, after, { order: "id asc", limit });
      return { records, next: hasMore ? String(records.at(-1)!.id) : null };
    }
    const { field, direction } = order;
    const options = { order: `${field} ${direction.toLowerCase()}, id asc` };
    return anchoredPage(
      { limit, cursor },
      {
        idOf: ({ id }) => String(id),
        valueOf: ({ [field]: time }) => (field === "name" ? null : readDateTime(time)),
        read: ({ from, offset, size }) =>
          part(context, query, from === null ? [] : beginning(field, direction, new Date(from)), {
            ...options,
            ...(offset === 0 ? {} : { offset }),
            limit: size,
          }),
      },
    );
  }

  /** A part of a listing: the records that also meet the domain `from`. */
  async function part(
    context: ProviderContext,
    { conditions: parts, order, reading }: NativeQuery<Domain>,
    from: Domain,
    { limit, ...options }: { order: string; offset?: number; limit: number },
  ) {
    const conditions = parts.flat();
    const wanted = [...listed(conditions), ...conditions, ...from];
    const domain = (await adapted?.(context, wanted)) ?? wanted;
    const exists = await fieldCheck(
      context,
      model,
      domain.map((term) => String(term[0])),
    );
    const own = order ? [order.field] : [];
    const { fields, marked } = await fieldsOf(context, reading);
    const search = {
      fields: [...new Set([...fields, ...own])],
      ...options,
      // One record more shows whether there is a next page.
      limit: limit + 1,
    };
    const time = order?.field === "name" ? undefined : order?.field;
    const found = await searchRead(context, model, withoutMissing(domain, exists), search, { time });
    return { records: marked(found.slice(0, limit)), hasMore: found.length > limit };
  }

  /**
   * The fields to ask for. If the database does not say which of them it has, those that may be missing are not asked
   * for, and `marked` says so of each record.
   */
  async function fieldsOf(context: ProviderContext, { fields }: Reading) {
    const exists = await orFailure(() => fieldCheck(context, model, fields));
    if (!(exists instanceof CrmError)) {
      return { fields: fields.filter(exists), marked: (records: readonly NativeRecord[]) => records };
    }
    const unread = fields.filter((name) => OPTIONAL.has(name));
    return {
      fields: fields.filter((name) => !OPTIONAL.has(name)),
      marked: (records: readonly NativeRecord[]) => records.map((record) => withUnread(record, unread, exists)),
    };
  }

  async function read(context: ProviderContext, ids: readonly string[], reading: Reading) {
    const { fields, marked } = await fieldsOf(context, reading);
    return marked(await searchRead(context, model, [["id", "in", ids.map(Number)]], { fields }));
  }

  /** Writes after all look-ups, so that only a failure of the CRM itself can leave a partial write. */
  async function write<Result>(
    context: ProviderContext,
    id: number | null,
    native: NativeRecord,
    result: Decoder<Result>,
  ): Promise<Result> {
    const call =
      id === null
        ? { method: "create", args: { vals_list: [native], ...inContext } }
        : { method: "write", ids: [id], args: { vals: native, ...inContext } };
    try {
      return await callWrite(context, { model, ...call }, result);
    } catch (error) {
      throw await explainRefusal(context, id, native, error, () => customReferences(context, model, native));
    }
  }

  return resourceAdapter<Resource, Domain>({
    map,
    ...others,
    parts: Object.fromEntries(related.map(({ as, load }) => [as, load])),
    furtherFields: [...OPTIONAL],
    cost: costOf(model, tags[1]),
    customFields: (context) => customFieldDefinitions(context, model),
    columns: columnsOf(model),
    // The look-up of the types of custom fields refuses unknown names.
    unknownKeysRefused: true,
    lookups: [tagsByName(...tags), ...lookups, customValues(model), absentFields(model, optional)],
    calls: {
      batchSize: BATCH_MAX,
      isId: (text) => recordId(text) !== null,
      list,
      read,
      async create(context, native) {
        const [first, ...later] = steps(native, null);
        const id = await write(context, null, { ...(await initial?.(context)), ...first }, created);
        const rest = Object.keys(Object.assign({}, ...later) as NativeRecord).join(", ");
        await afterwards(async () => {
          for (const step of later) await write(context, id, step, done);
        }, `Odoo created the record ${id}, but did not store all of its fields (${rest}).`);
        // Odoo answers a create with the id, and a write with true.
        return { id: String(id), record: null };
      },
      async update(context, id, native, { current }) {
        for (const step of steps(native, current)) await write(context, Number(id), step, done);
        return null;
      },
      delete: async (context, id) =>
        void (await callWrite(context, { model, method: "unlink", ids: [Number(id)], args: inContext }, done)),
    },
  });
}
