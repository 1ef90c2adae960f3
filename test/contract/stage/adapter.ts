import type { CrmError } from "../../../src/errors/crm-error.js";
import type { EdgeLoader, Provider, ProviderContext } from "../../../src/providers/contract/contract.js";
import type { Columns } from "../../../src/providers/contract/columns.js";
import type { AnyFieldMap, CustomFieldDefinition } from "../../../src/providers/contract/field-map.js";
import type { ResourceName } from "../../../src/providers/contract/model.js";
import type { Selection } from "../../../src/providers/contract/selection.js";
import type { Fields, Input } from "../subject.js";
import { costChecked, type AnyCost } from "./costs.js";

/** A record of any resource. */
export interface AnyRecord {
  nativeId: string;
  fields: Fields;
  links: Readonly<Record<string, readonly string[] | undefined>>;
  raw: Record<string, unknown>;
  failures?: Readonly<Record<string, CrmError>>;
}

export interface AnyPage {
  records: AnyRecord[];
  next: string | null;
  cap: { records: number; reason: string } | null;
  omits?: string | undefined;
}

export interface AnyQuery {
  filter: Record<string, unknown>;
  orderBy: { field: string; direction: "ASC" | "DESC" } | null;
  limit: number;
  cursor: string | null;
  select: Selection;
}

/** The search by e-mail addresses of any resource. */
export interface AnyEmailSearch {
  batchSize: number;
  find(
    context: ProviderContext,
    addresses: readonly string[],
    select: Selection,
  ): Promise<ReadonlyMap<string, { records: readonly AnyRecord[]; hasMore: boolean }>>;
  keysOf(record: AnyRecord): readonly string[];
}

/** What a write brought, with the record if the CRM's answer holds what is selected of it. */
export interface AnyWritten {
  nativeId: string;
  record?: () => Promise<AnyRecord>;
}

/** The adapter of any resource, for cases that do not depend on the resource. */
export interface AnyAdapter {
  map: AnyFieldMap;
  batchSize(select: Selection): number;
  list(context: ProviderContext, query: AnyQuery): Promise<AnyPage>;
  get(context: ProviderContext, ids: readonly string[], select: Selection): Promise<ReadonlyMap<string, AnyRecord>>;
  byEmails?: AnyEmailSearch;
  create?: (context: ProviderContext, input: Input) => Promise<string>;
  update?: (context: ProviderContext, id: string, input: Input) => Promise<void>;
  /** Writes whose caller selects fields of the record afterwards. */
  createSelecting?: (context: ProviderContext, input: Input, select: Selection) => Promise<AnyWritten>;
  updateSelecting?: (context: ProviderContext, id: string, input: Input, select: Selection) => Promise<AnyWritten>;
  delete?: (context: ProviderContext, id: string) => Promise<void>;
  edges: Readonly<Record<string, EdgeLoader | undefined>>;
  furtherCalls: ReadonlySet<string>;
  customFields?: (context: ProviderContext) => Promise<readonly CustomFieldDefinition[]>;
  columns?: (context: ProviderContext) => Promise<Columns>;
  cost: AnyCost;
}

type NoteMade = (resource: ResourceName, id: string) => void;

const CREATES = new WeakMap<ProviderContext, NoteMade>();

/** Tells of every record that an adapter of `adapterOf` creates with this context. */
export function noteCreates(context: ProviderContext, note: NoteMade): void {
  CREATES.set(context, note);
}

/** The adapter of a resource. Each of its operations fails if it makes more calls than its cost says. */
export function adapterOf(provider: Provider, resource: ResourceName): AnyAdapter {
  const adapter = costChecked(provider, resource, plainAdapterOf(provider, resource));
  const { create, createSelecting } = adapter;
  if (!create || !createSelecting) return adapter;
  return {
    ...adapter,
    async create(context, input) {
      const id = await create(context, input);
      CREATES.get(context)?.(resource, id);
      return id;
    },
    async createSelecting(context, input, select) {
      const written = await createSelecting(context, input, select);
      CREATES.get(context)?.(resource, written.nativeId);
      return written;
    },
  };
}

/** The adapter without a check of its costs, for accounts that go beyond what the costs take for granted. */
export function plainAdapterOf(provider: Provider, resource: ResourceName): AnyAdapter {
  const adapter = provider.resources[resource];
  if (!adapter) throw new Error(`${provider.name} has no adapter for ${resource}s.`);
  return withPlainWrites(adapter);
}

const NOTHING: Selection = new Set();

/** The writes of an adapter, as it has them. */
interface SelectingWrites extends Omit<AnyAdapter, "create" | "update"> {
  create?(this: void, context: ProviderContext, input: Input, select: Selection): Promise<AnyWritten>;
  update?(this: void, context: ProviderContext, id: string, input: Input, select: Selection): Promise<AnyWritten>;
}

/** Most cases read the records themselves: their writes resolve to ids, and to nothing. */
function withPlainWrites({ create, update, ...others }: SelectingWrites): AnyAdapter {
  return {
    ...others,
    ...(create && {
      create: async (context, input) => (await create(context, input, NOTHING)).nativeId,
      createSelecting: create,
    }),
    ...(update && {
      update: async (context, id, input) => void (await update(context, id, input, NOTHING)),
      updateSelecting: update,
    }),
  };
}

/** The unified fields that a field map reads from the record itself. */
export function ownFields(map: AnyFieldMap): string[] {
  return Object.entries(map.fields)
    .filter(([, entry]) => entry && !entry.linked)
    .map(([name]) => name);
}

/** The unified fields that a field map reads from a linked record. */
export function linkedFields(map: AnyFieldMap): { name: string; edge: string; field: string }[] {
  return Object.entries(map.fields).flatMap(([name, entry]) => (entry?.linked ? [{ name, ...entry.linked }] : []));
}

export function edgeNames(adapter: AnyAdapter): string[] {
  return [...new Set([...Object.keys(adapter.edges), ...Object.keys(adapter.map.edges ?? {})])];
}

/** Selects every field and edge of the adapter. */
export function everything(adapter: AnyAdapter): Selection {
  const { map } = adapter;
  const nested = ["owner", "organizer"].flatMap((user) => [`${user}.name`, `${user}.email`]);
  const attendees = ["name", "email", "contact", "response", "isOrganizer"].map((part) => `attendees.${part}`);
  const company = ["company.id", "company.name"];
  const dotted = [...nested, ...attendees, ...company].filter((path) => path.split(".")[0]! in map.fields);
  return new Set([...ownFields(map), ...edgeNames(adapter), ...dotted, ...(map.custom ? ["customFields"] : [])]);
}

/** Reads all pages of a list. */
export async function listAll(
  adapter: AnyAdapter,
  context: ProviderContext,
  { limit = 100, select = new Set(), filter = {}, orderBy = null }: Partial<Omit<AnyQuery, "cursor">>,
): Promise<AnyRecord[]> {
  const records: AnyRecord[] = [];
  let cursor: string | null = null;
  do {
    const page: AnyPage = await adapter.list(context, { filter, orderBy, limit, cursor, select });
    if (page.records.length > limit) throw new Error(`A page of ${limit} has ${page.records.length} records.`);
    records.push(...page.records);
    cursor = page.next;
  } while (cursor !== null);
  return records;
}

/** The ids at the other end of an edge: from the record if it has them, else from the edge loader, as GraphQL reads them. */
export async function edgeIds(
  adapter: AnyAdapter,
  context: ProviderContext,
  record: AnyRecord,
  edge: string,
): Promise<readonly string[]> {
  const brought = record.links[edge];
  if (brought) return brought;
  const loader = adapter.edges[edge];
  if (!loader) throw new Error(`The edge ${edge} was selected, but neither the record nor a loader has it.`);
  return (await loader.load(context, [record.nativeId])).get(record.nativeId)?.ids ?? [];
}

export async function getOne(
  adapter: AnyAdapter,
  context: ProviderContext,
  id: string,
  select: Selection = everything(adapter),
): Promise<AnyRecord> {
  const record = (await adapter.get(context, [id], select)).get(id);
  if (!record) throw new Error(`${adapter.map.providerName} has no ${adapter.map.resource} ${id}.`);
  return record;
}
