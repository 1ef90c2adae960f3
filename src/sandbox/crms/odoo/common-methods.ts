import { refuseHidden, seenBy } from "./field-access.js";
import { textOf } from "../../kit/json.js";
import { searchRows } from "./domain.js";
import { type Row, isObject, type Json, type JsonObject, type Values } from "./data.js";
import type { Method, MethodCall, Model, Parameter } from "./model.js";
import { sortRows } from "./order.js";
import { describeFields, fieldNames, readRow } from "./read-values.js";
import { typeError } from "./rpc-error.js";

type Run = (call: MethodCall) => Json;
const optional = (name: string, value: Json = null): Parameter => ({ name, default: value });
const ofModel = (parameters: readonly Parameter[], run: Run): Method => ({ onRecords: false, parameters, run });
const ofRecords = (parameters: readonly Parameter[], run: Run): Method => ({ onRecords: true, parameters, run });

const PAGING = [optional("offset", 0), optional("limit"), optional("order")];
const LOAD = optional("load", "_classic_read");

/** The methods that every model has. */
export const COMMON_METHODS: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    create: ofModel([{ name: "vals_list" }], ({ session, model, argument }) => {
      const values = argument("vals_list");
      const records = Array.isArray(values) ? values : [values];
      refuseHidden(
        session,
        model,
        records.flatMap((each) => (isObject(each) ? Object.keys(each) : [])),
        "write",
      );
      if (isObject(values)) return session.create(model, values).id;
      if (!Array.isArray(values) || !values.every(isObject)) {
        throw typeError("'create' expects a dictionary or a list of dictionaries");
      }
      return values.map((each) => session.create(model, each).id);
    }),
    read: ofRecords([optional("fields"), LOAD], (call) => readRows(call, existingRows(call))),
    search: ofModel([{ name: "domain" }, ...PAGING], (call) => searchPage(call).map((row) => row.id)),
    // The search obeys `active_test`, and the reading of what it found does not: relations leave out archived records.
    search_read: ofModel([optional("domain", []), optional("fields"), ...PAGING, LOAD], (call) =>
      readRows(call, searchPage(call), { ...call.session.context, active_test: true }),
    ),
    // Until Odoo 18, the argument is called `fields_list`, and callers give it without a name.
    default_get: ofModel([{ name: "fields" }], ({ session, model, argument }) => {
      const wanted = fieldNames(argument("fields"), model);
      const defaults: Values = { ...staticDefaults(model), ...model.defaults?.(session) };
      return Object.fromEntries(wanted.filter((name) => name in defaults).map((name) => [name, defaults[name]!]));
    }),
    search_count: ofModel([{ name: "domain" }, optional("limit")], ({ session, model, argument }) => {
      const count = searchRows(argument("domain"), model, session).length;
      return Math.min(count, Number(argument("limit")) || count);
    }),
    write: ofRecords([{ name: "vals" }], ({ session, model, ids, argument }) => {
      const values = argument("vals");
      if (!isObject(values)) throw typeError("'write' expects a dictionary");
      refuseHidden(session, model, Object.keys(values), "write");
      session.write(model, ids, values);
      return true;
    }),
    unlink: ofRecords([], ({ session, model, ids }) => {
      session.unlink(model, ids);
      return true;
    }),
    fields_get: ofModel([optional("allfields"), optional("attributes")], ({ session, model, argument }) =>
      describeFields(seenBy(session, model), argument("allfields"), argument("attributes")),
    ),
  }),
);

function searchPage({ session, model, argument }: MethodCall): Row[] {
  const rows = sortRows(
    searchRows(argument("domain"), model, session),
    textOf(argument("order") || model.order),
    model,
    session,
  );
  const from = Number(argument("offset")) || 0;
  // For Odoo, 0, None and False all mean "no limit".
  const size = Number(argument("limit")) || Number.POSITIVE_INFINITY;
  return rows.slice(from, from + size);
}

/** Returns the records of the call that still exist. */
function existingRows({ session, model, ids }: MethodCall): Row[] {
  return ids.flatMap((id) => session.database.get(model.name, id) ?? []);
}

function readRows(
  { session, model, argument }: MethodCall,
  rows: readonly Row[],
  context: JsonObject = session.context,
): Json {
  const asked = argument("fields");
  if (Array.isArray(asked)) refuseHidden(session, model, asked);
  const names = fieldNames(asked, seenBy(session, model));
  return rows.map((row) => readRow(row, model, names, session.within(context), argument("load") === "_classic_read"));
}

function staticDefaults({ fields }: Model): Values {
  return Object.fromEntries([...fields].flatMap(([name, field]) => (field.default ? [[name, field.default]] : [])));
}
