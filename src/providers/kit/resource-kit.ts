import { CrmError } from "../../errors/crm-error.js";
import { decoding } from "../../upstream/answer-body.js";
import { canonicalId, filterConditions, inChunks, notFound, orderField, orFailure, writing } from "./adapter-kit.js";
import { completion, furtherCallsOf } from "./completion.js";
import type { ListQuery, Page, ProviderContext, ResourceAdapter, Written } from "../contract/contract.js";
import type { Columns } from "../contract/columns.js";
import type { CustomFieldDefinition, NativeRecord } from "../contract/field-map.js";
import type { ResourceInputs } from "../contract/input.js";
import type { EdgeName, ResourceName, UnifiedRecord } from "../contract/model.js";
import { nativeFields, readRecord } from "../mapping/read-record.js";
import { customSelection, type Selection } from "../contract/selection.js";
import { assertRead } from "../mapping/unread.js";
import { withColumns } from "./columns.js";
import { writable } from "./writable.js";
import { resourceCosts } from "./costs.js";
import { unexpectedAnswer } from "./answer.js";
import { ownEdge } from "./edges.js";
import { definitionsOfRead } from "./known-options.js";
import { offeredFields, selectedFields } from "./offered-fields.js";
import { emailSearch } from "./email-search.js";
import type { CreateResult, ExistingIds, NativePage, Reading, ReadyWrite, ResourceRules } from "./resource-rules.js";
import { preparation } from "./resource-writes.js";
import { sieveOf, type Siftable } from "./sifted.js";
import { answersAll } from "./write-answers.js";

/** Makes an adapter's resource of its field map and the CRM's calls. Everything that is the same for all CRMs is here. */
export function resourceAdapter<Resource extends ResourceName, Condition>(
  given: ResourceRules<Resource, Condition>,
): ResourceAdapter<Resource> {
  const { map, calls, customFields } = given;
  const rules = customFields ? { ...given, customFields: offeredFields(map, customFields) } : given;
  const complete = completion(rules);
  const idOf = calls.idOf ?? ownId;

  /**
   * The id of a record that the CRM answered.
   * @throws CrmError PROVIDER_ERROR if it cannot be one at this CRM: such a record is neither a record nor an absent one
   */
  function answeredId(native: NativeRecord): string {
    const id = idOf(native);
    if (id !== "" && calls.isId(id)) return id;
    throw unexpectedAnswer(`The CRM’s response has a ${map.resource} without a usable id.`);
  }
  const batchSize = (select: Selection) =>
    typeof calls.batchSize === "number" ? calls.batchSize : calls.batchSize(select);

  const inColumns = <Result>(context: ProviderContext, run: (columns: Columns) => Promise<Result>) =>
    withColumns(context, map.resource, rules.columns, run);

  const inWritableColumns = async <Result>(context: ProviderContext, run: (columns: Columns) => Promise<Result>) =>
    rules.columns?.writesSilently ? run(await rules.columns.load(context)) : inColumns(context, run);

  function list(context: ProviderContext, query: ListQuery<Resource>): Promise<Page<Resource>> {
    return inColumns(context, (columns) => listWith(columns, context, query));
  }

  async function listWith(
    columns: Columns,
    context: ProviderContext,
    query: ListQuery<Resource>,
  ): Promise<Page<Resource>> {
    const sieve = sieveOf(filterConditions<Siftable<Condition>>(map, query.filter, columns));
    const order = query.orderBy && {
      field: orderField(map, query.orderBy.field, columns),
      direction: query.orderBy.direction,
    };
    const { reading, toRecords } = await readingOf(context, columns, query.select, sieve.reads);
    const native = { conditions: sieve.natives, order, limit: query.limit, reading };
    const page: NativePage = await calls.list(context, { ...native, cursor: query.cursor });
    // A page without records may be followed by others, but nobody would ever come to the end of this list.
    if (page.records.length === 0 && page.next !== null && page.next === query.cursor)
      throw unexpectedAnswer("The CRM’s list goes on from the same place again.");
    const records = decoding(() => page.records.filter(sieve.passes));
    const { next, cap = null, omits, after } = page;
    return { records: await toRecords(records), next, cap, ...(omits !== undefined && { omits }), after };
  }

  async function get(context: ProviderContext, nativeIds: readonly string[], select: Selection) {
    const ids = [...new Set(nativeIds.map(canonicalId).filter((id) => calls.isId(id)))];
    if (ids.length === 0) return new Map<string, UnifiedRecord<Resource>>();
    return inColumns(context, (columns) => getWith(columns, context, { nativeIds, ids, select }));
  }

  async function getWith(
    columns: Columns,
    context: ProviderContext,
    { nativeIds, ids, select }: { nativeIds: readonly string[]; ids: readonly string[]; select: Selection },
  ) {
    const { reading, toRecords } = await readingOf(context, columns, select);
    const natives = await calls.read(context, ids, reading);
    const byId = rules.byAskedId?.(natives, ids);
    const asked = byId && [...byId.keys()];
    const records = await toRecords(byId ? [...byId.values()] : natives);
    const found = new Map(records.map((record, index) => [asked?.[index] ?? canonicalId(record.nativeId), record]));
    // One of the asked records would otherwise seem to be absent.
    const wanted = new Set(ids);
    const used = byId && new Set(byId.values());
    if (used ? natives.some((native) => !used.has(native)) : [...found.keys()].some((id) => !wanted.has(id)))
      throw unexpectedAnswer(`The CRM’s response has a ${map.resource} that crmesh did not ask for.`);
    return new Map(
      nativeIds.flatMap((id) => {
        const record = found.get(canonicalId(id));
        return record ? [[id, record] as const] : [];
      }),
    );
  }

  async function readingOf(
    context: ProviderContext,
    columns: Columns,
    select: Selection,
    more: readonly string[] = [],
  ) {
    const custom = await definitionsOfRead(context, { map, shape: rules.shape }, async (own) => {
      const offered = customSelection(select) ? await definitionsOf(own) : [];
      return offered instanceof CrmError ? offered : selectedFields(offered, select);
    });
    const definitions = custom.selected instanceof CrmError ? [] : custom.selected;
    const names = [...nativeFields(map, select), ...definitions.map(({ key }) => key), ...more];
    const reading = readingFor(names.filter((name) => name.startsWith("$") || columns.has(name)));
    const toRecords = async (natives: readonly NativeRecord[]): Promise<UnifiedRecord<Resource>[]> => {
      const customFields = await custom.forRecords(natives);
      const current = customFields instanceof CrmError ? [] : customFields;
      const readContext = { origin: context.pages ?? context.origin, customFields };
      return (await complete(context, natives, reading, current)).map((native, index) =>
        readRecord(map, answeredId(native), native, select, readContext, natives[index]),
      );
    };
    return { reading, toRecords };
  }

  /** Without the definitions, a record can still be read, but not its custom fields. */
  async function definitionsOf(context: ProviderContext): Promise<readonly CustomFieldDefinition[] | CrmError> {
    return rules.customFields ? orFailure(() => rules.customFields!(context)) : [];
  }

  /** A write needs all that it looks at, so a part that cannot be read fails it. */
  const { prepare, explained } = preparation(rules, async (context, id, fields) => {
    return inColumns(context, async (columns) => {
      const reading = readingFor(fields.filter((name) => name.startsWith("$") || columns.has(name)));
      const found = await complete(context, await calls.read(context, [id], reading), reading, []);
      assertRead(found);
      return found[0] ?? null;
    });
  });

  function assertId(id: string): void {
    if (!calls.isId(id)) throw notFound(map.resource);
  }

  /**
   * Carries out a create or an update.
   * @param id null in a create
   * @param send sends the write, and resolves to what the CRM answered
   */
  async function change(
    context: ProviderContext,
    id: string | null,
    { input, select }: { input: ResourceInputs[Resource]; select: Selection },
    send: (write: ReadyWrite<Resource>) => Promise<CreateResult>,
  ): Promise<Written<Resource>> {
    const isAnswered = answersAll(rules, { mode: id === null ? "create" : "update", input }, select);
    const write = await prepare(context, id, input);
    const { nativeId, native, made } = await explained(context, write, () =>
      writing(map, () =>
        inWritableColumns(context, async (columns) => {
          const own = writable(map, write, columns);
          const made = isAnswered ? await readingOf(context, columns, select) : null;
          const ready = { ...own, answer: made?.reading ?? null };
          const { id: nativeId, record } = await send(ready);
          return { nativeId, native: made && (await wholeAnswer(context, nativeId, record, ready)), made };
        }),
      ),
    );
    if (!made || !native) return { nativeId };
    return {
      nativeId,
      async record() {
        if (native instanceof CrmError) throw native;
        const [record] = await made.toRecords([native]);
        // A CRM that finds records by several ids names the record by its main one.
        if (!rules.byAskedId && canonicalId(record!.nativeId) !== canonicalId(nativeId))
          throw unexpectedAnswer(`The CRM’s response to the write names another ${map.resource}.`);
        return record!;
      },
    };
  }

  /**
   * The record that the CRM answered to a write, or reads it if the answer lacks what it should hold. The price of the
   * operation does not count this read, which is a part of the write.
   */
  async function wholeAnswer(
    context: ProviderContext,
    id: string,
    record: NativeRecord | null,
    { answer, ...write }: ReadyWrite<Resource>,
  ): Promise<NativeRecord | CrmError> {
    const hasAll = rules.answers!.hasAll ?? (() => true);
    if (record && hasAll(record, { ...write, answer: answer! })) return record;
    return orFailure(async () => {
      const [read] = await calls.read(context, [id], answer!);
      if (read) return read;
      throw notFound(map.resource);
    });
  }

  const { create, update, delete: remove } = calls;
  return {
    map,
    batchSize,
    list,
    get,
    ...(map.byEmails && { byEmails: emailSearch(rules, map.byEmails, readingOf) }),
    ...(create && {
      create: (context, input, select) =>
        change(context, null, { input, select }, (write) => create.call(calls, context, write.native, write)),
    }),
    ...(update && {
      update(context, given, input, select) {
        const id = canonicalId(given);
        return change(context, id, { input, select }, async (write) => {
          return { id, record: await update.call(calls, context, id, write.native, write) };
        });
      },
    }),
    ...(remove && {
      async delete(context, id) {
        assertId(id);
        await writing(map, () => remove.call(calls, context, canonicalId(id)));
      },
    }),
    edges: {
      ...Object.fromEntries(
        Object.keys(map.edges ?? {}).map((edge) => [edge, ownEdge({ get, batchSize }, edge as EdgeName<Resource>)]),
      ),
      ...rules.edges,
    },
    ...(rules.customFields && { customFields: rules.customFields }),
    ...(rules.columns && { columns: rules.columns.load }),
    furtherCalls: furtherCallsOf(rules),
    cost: resourceCosts(rules),
  };
}

function ownId({ id }: NativeRecord): string {
  return typeof id === "string" || typeof id === "number" ? String(id) : "";
}

function readingFor(names: readonly string[]): Reading {
  const wanted = new Set(names);
  return {
    fields: [...wanted].filter((name) => !name.startsWith("$")),
    needs: (part) => wanted.has(part),
  };
}

/** The ids of a resource that exist, by reading them. */
export function existingOf({ get, batchSize }: Pick<ResourceAdapter, "get" | "batchSize">): ExistingIds {
  const select = new Set<string>();
  return async (context, ids) =>
    new Set(
      await inChunks([...new Set(ids)], batchSize(select), async (batch) => [
        ...(await get(context, batch, select)).keys(),
      ]),
    );
}
