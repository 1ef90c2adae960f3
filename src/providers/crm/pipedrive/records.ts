import { CrmError, invalidInput } from "../../../errors/crm-error.js";
import type { Decoder } from "../../../upstream/answer-body.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import type { LeadInput } from "../../contract/input.js";
import type { ResourceName } from "../../contract/model.js";
import { absentIfNotFound, notFound, UUID } from "../../kit/adapter-kit.js";
import { anchoredPage } from "../../kit/anchored-page.js";
import { assertFilterFits, queryBytes, URL_MAX } from "../../kit/url-length.js";
import { existingOf, resourceAdapter } from "../../kit/resource-kit.js";
import {
  READ_TOGETHER,
  type NativePage,
  type NativeQuery,
  type Reading,
  type ResourceCalls,
  type WriteAnswers,
} from "../../kit/resource-rules.js";
import {
  ACTIVITIES,
  BATCH_MAX,
  get,
  LEADS,
  LEADS_FOUND_MAX,
  PAGE_MAX,
  PERSONS,
  readByIds,
  readPage,
  remove,
  searchPage,
  V1,
  V2,
  write,
  type Query,
} from "./api.js";
import { activity, lead as leadRecord, one, person } from "./answers.js";
import { contactMap } from "./contact-map.js";
import { contactCost, leadCost, meetingCost } from "./cost.js";
import { ID, isMeeting, meetingTypes, PROVIDER_NAME } from "./dialect.js";
import { isOwn } from "./definitions.js";
import { contactLeads, contactMeetings } from "./edges.js";
import { leadMap } from "./lead-map.js";
import { checkContactSync, existingOrganizations, personColumns, Related, shape } from "./lookups.js";
import { meetingMap } from "./meeting-map.js";
import { owners } from "./owners.js";
import type { Parameters } from "./query.js";

/** The most leads of one of our pages: Pipedrive answers 500, up to 20 of which the page before had. */
const LEADS_MAX = PAGE_MAX - 20;

type PipedriveRecord = NativeRecord & { id: string | number };

interface RecordRules {
  resource: ResourceName;
  path: string;
  /** What crmesh relies on in a record. */
  item: Decoder<PipedriveRecord>;
  searchPath?: string;
  isId: RegExp;
  sort: (order: NonNullable<NativeQuery<Parameters>["order"]>) => Query;
  /** Further parameters of a read. */
  reads?: (reading: Reading) => Query;
  /** Whether an existing record is of this resource. */
  isOne?: (context: ProviderContext, native: NativeRecord) => boolean;
  /** The body of a write; `id` is null in a create. */
  body?: (context: ProviderContext, native: NativeRecord, id: string | null) => NativeRecord;
}

/** A page of leads, which v1 pages by numbers and cannot begin at a value. */
function leadPage(
  context: ProviderContext,
  path: string,
  query: Query,
  item: Decoder<PipedriveRecord>,
  paging: { limit: number; cursor: string | null },
) {
  const limit = Math.min(paging.limit, LEADS_MAX);
  return anchoredPage(
    { ...paging, limit },
    {
      idOf: ({ id }) => String(id),
      valueOf: () => null,
      async read({ offset, size }) {
        const start = offset === 0 ? null : String(offset);
        const { records, next } = await readPage(context, path, { ...query, limit: size }, start, item);
        return { records, hasMore: next !== null, ...(next !== null && { end: Number(next) }) };
      },
    },
  );
}

/** The calls for one resource. Only leads have no batch read, and only deleted leads cannot be read any more. */
function recordCalls<Resource extends ResourceName>(rules: RecordRules): ResourceCalls<Resource, Parameters> {
  const { resource, path, item, searchPath, isId, sort, reads, isOne, body = (_context, native) => native } = rules;
  const isLead = path.startsWith(V1);
  const isThere = (context: ProviderContext, native: NativeRecord) =>
    native["is_deleted"] !== true && (isOne?.(context, native) ?? true);

  async function list(context: ProviderContext, query: NativeQuery<Parameters>): Promise<NativePage> {
    const { conditions, order, limit, cursor, reading } = query;
    // A listing takes one search. Exact conditions come first, and those of the others are sifted.
    const searches = conditions.find((condition) => condition.searches)?.searches;
    for (const one of searches ?? []) assertFilterFits(PROVIDER_NAME, queryBytes(one), URL_MAX - 1_000);
    if (searches && order)
      throw invalidInput({
        orderBy: `${PROVIDER_NAME} cannot order the results of a search. Omit orderBy or the search.`,
      });
    const listing: Query = {
      ...(Object.assign({}, ...conditions.map((condition) => condition.query)) as Query),
      ...(order ? sort(order) : {}),
      ...reads?.(reading),
      limit: Math.min(limit, PAGE_MAX),
    };
    const page: NativePage = searches
      ? await searchedPage(context, searches, { limit, cursor })
      : await (isLead
          ? leadPage(context, path, listing, item, { limit, cursor })
          : readPage(context, path, listing, cursor, item));
    // The results of a search have another shape and may be out of date, so the records are read.
    const natives = searches ? await found(context, page.records, reading) : page.records;
    // A search also finds archived leads, which listings leave out.
    const records = natives.filter((one) => isThere(context, one) && one["is_archived"] !== true);
    return { records, next: page.next, after: page.after, ...(page.cap && { cap: page.cap }) };
  }

  /** Several searches are for one number in its notations, or for e-mail addresses, which few records have. Each of them has one page. */
  async function searchedPage(
    context: ProviderContext,
    searches: readonly Query[],
    { limit, cursor }: Pick<NativeQuery<Parameters>, "limit" | "cursor">,
  ): Promise<NativePage> {
    const size = Math.min(limit, isLead ? LEADS_FOUND_MAX : BATCH_MAX);
    if (searches.length === 1) return searchPage(context, searchPath!, { ...searches[0], limit: size }, cursor);
    const pages = await Promise.all(
      searches.map((one) => searchPage(context, searchPath!, { ...one, limit: BATCH_MAX }, null)),
    );
    const byId = new Map(
      pages.flatMap((page) => page.records.map((record) => [Number(record["id"]), record] as const)),
    );
    const ids = [...byId.keys()].filter((id) => id > Number(cursor)).sort((one, other) => one - other);
    const isCapped = pages.some(({ next }) => next !== null);
    const reason = `Pipedrive’s search has more than ${BATCH_MAX} records with one of these texts.`;
    return {
      records: ids.slice(0, size).map((id) => byId.get(id)!),
      next: ids.length > size ? String(ids[size - 1]) : null,
      ...(isCapped && { cap: { records: BATCH_MAX, reason } }),
    };
  }

  async function found(
    context: ProviderContext,
    items: readonly NativeRecord[],
    reading: Reading,
  ): Promise<NativeRecord[]> {
    const ids = items.map(({ id }) => String(id));
    const byId = new Map((await read(context, ids, reading)).map((native) => [String(native["id"]), native]));
    return ids.map((id) => byId.get(id)).filter((native) => native !== undefined);
  }

  async function read(context: ProviderContext, ids: readonly string[], reading: Reading): Promise<NativeRecord[]> {
    if (isLead) return (await Promise.all(ids.map((id) => readOne(context, id)))).filter((one) => one !== null);
    const natives = await readByIds(context, path, ids, reads?.(reading) ?? {}, item);
    return natives.filter((native) => isThere(context, native));
  }

  async function readOne(context: ProviderContext, id: string): Promise<NativeRecord | null> {
    return absentIfNotFound(() => get(context, `${path}/${id}`, {}, one(item)));
  }

  /**
   * Pipedrive may accept writes to a deleted record for 30 days, and does to activities of other types, so the record
   * is checked first.
   */
  async function existing(context: ProviderContext, id: string): Promise<NativeRecord | null> {
    if (isLead) return null;
    const native = await readOne(context, id);
    if (!native || !isThere(context, native)) throw notFound(resource);
    return native;
  }
  return {
    batchSize: isLead ? READ_TOGETHER : BATCH_MAX,
    isId: (text) => isId.test(text),
    list,
    read,
    async create(context, native) {
      const record = await write(context, "POST", path, body(context, native, null), item);
      return { id: String(record.id), record };
    },
    async update(context, id, native) {
      const before = await existing(context, id);
      const changes = body(context, native, id);
      if (Object.keys(changes).length === 0) return before;
      return write(context, "PATCH", `${path}/${id}`, changes, item);
    },
    async delete(context, id) {
      await existing(context, id);
      await remove(context, `${path}/${id}`);
    },
  };
}

/** Pipedrive answers writes with the whole record. */
const answers: WriteAnswers = { holds: () => true, isWhole: true };

const people = new Related("person");
const leads = new Related("lead");

export const contact = resourceAdapter({
  map: contactMap,
  cost: contactCost,
  calls: recordCalls<"contact">({
    resource: "contact",
    path: PERSONS,
    item: person,
    searchPath: `${PERSONS}/search`,
    isId: ID,
    sort: sortBy,
    body(_context, native) {
      const own = Object.entries(native).filter(([key]) => isOwn(key));
      const others = Object.entries(native).filter(([key]) => !isOwn(key));
      return Object.fromEntries(own.length > 0 ? [...others, ["custom_fields", Object.fromEntries(own)]] : others);
    },
  }),
  answers,
  customFields: people.customFields,
  columns: personColumns,
  shape,
  parts: people.parts,
  references: { ownerId: owners.existing, company: existingOrganizations },
  lookups: [checkContactSync, people.labelIds, people.optionIds],
  edges: { meetings: contactMeetings, leads: contactLeads },
});

const leadCalls = recordCalls<"lead">({
  resource: "lead",
  path: LEADS,
  item: leadRecord,
  searchPath: `${V2}/leads/search`,
  isId: UUID,
  sort: ({ field, direction }) => ({ sort: `${field} ${direction}` }),
});
export const lead = resourceAdapter({
  map: leadMap,
  cost: leadCost,
  calls: {
    ...leadCalls,
    create: (context, native, write) =>
      leadCalls.create!(context, native, write).catch(missingPerson(context, write.input)),
    update: (context, id, native, write) =>
      leadCalls.update!(context, id, native, write).catch(missingPerson(context, write.input)),
  },
  answers,
  customFields: leads.customFields,
  shape,
  parts: leads.parts,
  references: { ownerId: owners.existing },
  lookups: [leads.labelIds, leads.optionIds],
});
export const meeting = resourceAdapter({
  map: meetingMap,
  cost: meetingCost,
  calls: recordCalls<"meeting">({
    resource: "meeting",
    path: ACTIVITIES,
    item: activity,
    isId: ID,
    sort: sortBy,
    reads: ({ fields }) => ({ include_fields: fields.includes("attendees") ? "attendees" : undefined }),
    isOne: isMeeting,
    body: (context, native, id) => (id === null ? { type: meetingTypes(context)[0], ...native } : native),
  }),
  // The attendees are answered to reads only, which ask for them by a parameter.
  answers: { holds: (name) => name !== "attendees", isWhole: true },
  references: { ownerId: owners.existing, contactIds: existingOf(contact), leadIds: existingOf(lead) },
});

/** Looks for the lead's person after a refusal only: every lead has a person, and nearly all of them exist. */
function missingPerson(context: ProviderContext, { contactId }: LeadInput) {
  return async (error: unknown): Promise<never> => {
    const isRefusal = error instanceof CrmError && [400, 404, 422].includes(error.details.upstream?.status ?? 0);
    if (isRefusal && contactId && !(await existingOf(contact)(context, [contactId])).has(contactId)) {
      throw invalidInput({ "input.contactId": `${PROVIDER_NAME} has no person with this id.` });
    }
    throw error;
  };
}

function sortBy({ field, direction }: { field: string; direction: "ASC" | "DESC" }) {
  return { sort_by: field, sort_direction: direction.toLowerCase() };
}
