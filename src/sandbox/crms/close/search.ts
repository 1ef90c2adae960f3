import { z } from "zod";
import { textOf } from "../../kit/json.js";
import { inOrder } from "../../kit/order.js";
import type { CloseAccount } from "./account.js";
import { badRequest } from "./errors.js";
import { compileQuery, objectTypeOf } from "./search-query.js";
import { SEARCH_FIELDS, searchIndexOf, type SearchObject } from "./search-objects.js";
import { contactView, leadView, selected, type Wire } from "./views.js";

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 200;
/** Maximum number of objects that one search reaches through its cursors. */
const SEARCH_CEILING = 10_000;

const searchBody = z.object({
  query: z.unknown(),
  _fields: z.record(z.string(), z.array(z.string())).nullish(),
  _limit: z.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  cursor: z.string().nullish(),
  results_limit: z.number().int().min(0).nullish(),
  include_counts: z.boolean().default(false),
  sort: z
    .array(
      z.object({
        direction: z.enum(["asc", "desc"]),
        field: z.object({ type: z.literal("regular_field"), object_type: z.string(), field_name: z.string() }),
      }),
    )
    .nullish(),
});

type SearchRequest = z.output<typeof searchBody>;

/** Advanced Filtering. @throws Refusal */
export function search(account: CloseAccount, body: unknown): Wire {
  const parsed = searchBody.safeParse(body);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw badRequest({ [String(path[0] ?? "query")]: message });
  }
  const request = parsed.data;
  const type = objectTypeOf(request.query);
  const passes = compileQuery(request.query);
  const objects = request.cursor
    ? null
    : sorted(type, request.sort ?? [], searchIndexOf(account)[type].filter(passes)).map(({ id }) => id!);
  const all = objects ?? account.cursors.take(request.cursor!);
  const ids = all.slice(0, Math.min(SEARCH_CEILING, request.results_limit ?? SEARCH_CEILING));
  const page = ids.slice(0, request._limit);
  return {
    data: page.flatMap((id) => viewOf(account, type, id, request._fields?.[type] ?? [])),
    cursor: account.cursors.keep(ids.slice(request._limit)),
    ...(request.include_counts ? { count: { limited: ids.length, total: all.length } } : {}),
  };
}

function sorted(
  type: "contact" | "lead",
  sort: NonNullable<SearchRequest["sort"]>,
  objects: readonly SearchObject[],
): SearchObject[] {
  for (const { field } of sort) {
    const isOwn = field.object_type === type && SEARCH_FIELDS[type]!.includes(field.field_name);
    if (!isOwn || /_id$/.test(field.field_name))
      throw badRequest({ sort: "The results cannot be sorted by this field." });
  }
  return inOrder(
    objects,
    sort.map(({ field, direction }) => ({
      keyOf: ({ fields }) => comparable(fields[field.field_name]),
      descending: direction === "desc",
      emptyLast: direction === "desc",
    })),
  );
}

function comparable(value: unknown): string | number {
  return typeof value === "number" ? value : textOf(value ?? "").toLowerCase();
}

/** Shows a record. A deleted record is shown as the index still has it. Without `_fields`, only the id is shown. */
function viewOf(account: CloseAccount, type: "contact" | "lead", id: string, fields: readonly string[]): Wire[] {
  const table = type === "contact" ? account.contacts : account.leads;
  const row = table.get(id) ?? table.indexed().find((one) => one.id === id);
  if (!row) return [];
  const view = "leadId" in row ? contactView(account, row) : leadView(account, row);
  return [{ __object_type: type, id, ...selected(view, fields) }];
}
