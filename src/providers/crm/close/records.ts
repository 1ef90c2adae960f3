import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { map } from "../../../upstream/decode.js";
import { readDateTime } from "../../mapping/json-dialect.js";
import { unexpectedAnswer } from "../../kit/answer.js";
import { restChanges, restWrites } from "../../kit/rest.js";
import type { NativePage, NativeQuery, PartLoader, ResourceCalls } from "../../kit/resource-rules.js";
import { deleted, written } from "./answers.js";
import { listMeetings, pathOf, readRecords, search, withFlatCustomFields, type RecordType } from "./api.js";
import { CONTACT_PREFIX } from "./lead-map.js";
import { keysetPage, PAGE_MAX } from "./paging.js";
import { moment, type Query, type SearchQuery } from "./query.js";

const whole = map(written, (record): NativeRecord & { readonly id: string } => withFlatCustomFields(record));

const REST_ANSWERS = {
  created: { status: [200, 201], body: whole },
  updated: { status: 200, body: whole },
  deleted: { status: 200, body: deleted },
};

type Paging = Pick<NativeQuery<unknown>, "order" | "limit" | "cursor">;

/** The calls for contacts or leads. */
export function recordCalls<Type extends RecordType>(type: Type, ids: RegExp): ResourceCalls<Type, Query> {
  return {
    batchSize: PAGE_MAX,
    isId: (text) => ids.test(text),
    list: (context, query) => listRecords(context, type, query),
    read: (context, wanted, { fields }) => readRecords(context, type, wanted, fields),
    ...restWrites({
      path: (id) => pathOf(type, id),
      // A PUT changes only the fields that it names.
      update: "PUT",
      ...REST_ANSWERS,
      body: withContactInside,
    }),
  };
}

/** A new lead is created with its first contact if the input has any contact fields. */
function withContactInside(native: NativeRecord): NativeRecord {
  const [own, contact]: [NativeRecord, NativeRecord] = [{}, {}];
  for (const [name, value] of Object.entries(native)) {
    if (!name.startsWith(CONTACT_PREFIX)) own[name] = value;
    else if (value !== null && value !== "" && !(Array.isArray(value) && value.length === 0))
      contact[name.slice(CONTACT_PREFIX.length)] = value;
  }
  return Object.keys(contact).length === 0 ? own : { ...own, contacts: [contact] };
}

async function listRecords(
  context: ProviderContext,
  type: RecordType,
  { conditions, reading, ...paging }: NativeQuery<Query>,
): Promise<NativePage> {
  const queries: SearchQuery[] = [];
  for (const query of conditions) {
    const resolved = typeof query === "function" ? await query(context) : query;
    if (resolved === null) return { records: [], next: null };
    queries.push(resolved);
  }
  const { field, direction } = paging.order ?? { field: "date_created", direction: "ASC" };
  const sort = { field, direction: direction === "DESC" ? ("desc" as const) : ("asc" as const) };
  const fields = [...new Set([...reading.fields, field])];
  return keysetPage(paging, ({ from, before }, limit, cursor) => {
    const bounds = [
      ...(from ? [moment(type, field, "on_or_after", from)] : []),
      ...(before ? [moment(type, field, "before", before)] : []),
    ];
    return search(context, type, { queries: [...queries, ...bounds], fields, sort, limit, cursor });
  });
}

/** Meetings are created in calendars only, so there is no create. */
export const meetingCalls: ResourceCalls<"meeting", Record<string, string>> = {
  batchSize: PAGE_MAX,
  isId: (text) => /^[a-z]+_[A-Za-z0-9]{1,80}$/.test(text),
  list: (context, { conditions, reading, ...paging }) =>
    meetingPage(context, Object.assign({}, ...conditions) as Record<string, string>, reading.fields, paging),
  async read(context, ids, { fields }) {
    return (await listMeetings(context, { id__in: ids.join(","), _limit: PAGE_MAX }, fields)).rows;
  },
  ...restChanges({ path: (id) => pathOf("activity/meeting", id), update: "PUT", ...REST_ANSWERS }),
};

/**
 * A page of the meetings that match the parameters. Paging narrows the date bounds of the filter.
 * @throws CrmError PROVIDER_ERROR if Close answers them in another order than the one that the caller asked for
 */
export async function meetingPage(
  context: ProviderContext,
  parameters: Readonly<Record<string, string>>,
  fields: readonly string[],
  paging: Paging,
): Promise<NativePage> {
  const isDescending = paging.order?.direction === "DESC";
  const _order_by = isDescending ? "-date_created" : "date_created";
  const part = async (bounds: object, skip: number, size: number) => {
    const page = { ...parameters, ...bounds, _order_by, _limit: size, _skip: skip };
    return listMeetings(context, page, fields);
  };
  const place = paging.cursor === null ? null : (JSON.parse(paging.cursor) as { skip?: number });
  // In Close's own order, only the number of the records before a page says where it begins.
  if (place?.skip !== undefined) {
    return pageFrom(await part({}, place.skip, Math.min(paging.limit, PAGE_MAX)), place.skip);
  }
  try {
    return await keysetPage(paging, async ({ from, before }, size, resume) => {
      const bounds = { ...(from ? { date_created__gte: from } : {}), ...(before ? { date_created__lt: before } : {}) };
      const skip = Number(resume ?? 0);
      const answer = await part(bounds, skip, size);
      const { rows, hasMore } = answer;
      if (!isOrdered(rows, isDescending)) throw new OtherOrder(answer);
      return { rows, resume: hasMore ? String(skip + rows.length) : null };
    });
  } catch (error) {
    if (!(error instanceof OtherOrder)) throw error;
    if (paging.order || place) throw unexpectedAnswer("Close’s meetings are not in the order that crmesh asked for.");
    return pageFrom(error.answer, 0);
  }
}

/** Close does not document `_order_by` for meetings, so it may ignore it. */
class OtherOrder extends Error {
  constructor(readonly answer: MeetingRows) {
    super("Close’s meetings are in another order.");
  }
}

type MeetingRows = Awaited<ReturnType<typeof listMeetings>>;

function isOrdered(rows: readonly NativeRecord[], isDescending: boolean): boolean {
  const times = rows.map(({ date_created: at }) => Date.parse(readDateTime(at) ?? ""));
  return times.every((at, index) => index === 0 || (isDescending ? at <= times[index - 1]! : at >= times[index - 1]!));
}

function pageFrom({ rows, hasMore }: MeetingRows, skip: number): NativePage {
  return { records: rows, next: hasMore && rows.length > 0 ? JSON.stringify({ skip: skip + rows.length }) : null };
}

/** The name of the lead that each contact belongs to. */
export const leadNames: PartLoader = async (context, records) => {
  const ids = new Set(records.map(({ lead_id: id }) => String(id)));
  const leads = await readRecords(context, "lead", [...ids], ["id", "display_name"]);
  const names = new Map(leads.map(({ id, display_name: name }) => [id, name]));
  return ({ lead_id: id }) => names.get(id);
};
