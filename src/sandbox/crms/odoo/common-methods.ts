import { searchRows } from "./domain.js";
import type { Row } from "./rows.js";
import { describeFields } from "./field-descriptions.js";
import { isObject, type Json } from "./json.js";
import type { Method, MethodCall } from "./model.js";
import { sortRows } from "./order.js";
import { fieldNames, readRow } from "./read-values.js";
import { typeError } from "./rpc-error.js";

const PAGING = [
  { name: "offset", default: 0 },
  { name: "limit", default: null },
  { name: "order", default: null },
];
const LOAD = { name: "load", default: "_classic_read" };

/** The methods that every model has. */
export const COMMON_METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  [
    "create",
    {
      onRecords: false,
      parameters: [{ name: "vals_list" }],
      run: ({ session, model, argument }) => {
        const values = argument("vals_list");
        if (isObject(values)) return session.create(model, values).id;
        if (!Array.isArray(values) || !values.every(isObject)) {
          throw typeError("'create' expects a dictionary or a list of dictionaries");
        }
        return values.map((each) => session.create(model, each).id);
      },
    },
  ],
  [
    "read",
    {
      onRecords: true,
      parameters: [{ name: "fields", default: null }, LOAD],
      run: (call) => readRows(call, existingRows(call)),
    },
  ],
  [
    "search",
    {
      onRecords: false,
      parameters: [{ name: "domain" }, ...PAGING],
      run: (call) => searchPage(call).map((row) => row.id),
    },
  ],
  [
    "search_read",
    {
      onRecords: false,
      parameters: [{ name: "domain", default: [] }, { name: "fields", default: null }, ...PAGING, LOAD],
      run: (call) => readRows(call, searchPage(call)),
    },
  ],
  [
    "search_count",
    {
      onRecords: false,
      parameters: [{ name: "domain" }, { name: "limit", default: null }],
      run: ({ session, model, argument }) => {
        const count = searchRows(argument("domain"), model, session).length;
        return Math.min(count, Number(argument("limit")) || count);
      },
    },
  ],
  [
    "write",
    {
      onRecords: true,
      parameters: [{ name: "vals" }],
      run: ({ session, model, ids, argument }) => {
        const values = argument("vals");
        if (!isObject(values)) throw typeError("'write' expects a dictionary");
        session.write(model, ids, values);
        return true;
      },
    },
  ],
  [
    "unlink",
    {
      onRecords: true,
      parameters: [],
      run: ({ session, model, ids }) => {
        session.unlink(model, ids);
        return true;
      },
    },
  ],
  [
    "fields_get",
    {
      onRecords: false,
      parameters: [
        { name: "allfields", default: null },
        { name: "attributes", default: null },
      ],
      run: ({ model, argument }) => describeFields(model, argument("allfields"), argument("attributes")),
    },
  ],
]);

function searchPage({ session, model, argument }: MethodCall): Row[] {
  const rows = sortRows(
    searchRows(argument("domain"), model, session),
    String(argument("order") || model.order),
    model,
    session,
  );
  const from = Number(argument("offset")) || 0;
  // Odoo takes 0, None and False alike as "no limit".
  const size = Number(argument("limit")) || Number.POSITIVE_INFINITY;
  return rows.slice(from, from + size);
}

/** Records that are gone are simply left out. */
function existingRows({ session, model, ids }: MethodCall): Row[] {
  return ids.flatMap((id) => session.database.get(model.name, id) ?? []);
}

function readRows({ session, model, argument }: MethodCall, rows: readonly Row[]): Json {
  const names = fieldNames(argument("fields"), model);
  return rows.map((row) => readRow(row, model, names, session, argument("load") === "_classic_read"));
}
