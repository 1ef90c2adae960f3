import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Module, Row, ZohoAccount } from "./account.js";
import { textOf } from "./coql-route.js";
import type { Comparator } from "./coql-parser.js";
import { missingParameter, ZohoError } from "./errors.js";
import { askedFields, inLists, visible } from "./list-routes.js";
import { valueOf, viewRecord } from "./record-view.js";
import { accountOf, moduleOf, queryInteger, queryText } from "./request.js";
import { fieldTest, type Test } from "./value-tests.js";

const MAX_PER_PAGE = 200;
const MAX_ROWS = 2000;
const MAX_CRITERIA = 3000;
const WAYS = ["criteria", "email", "phone", "word"] as const;

const COMPARATORS: Readonly<Record<string, Comparator>> = {
  equals: "=",
  not_equal: "!=",
  starts_with: "like",
  in: "in",
  greater_than: ">",
  greater_equal: ">=",
  less_than: "<",
  less_equal: "<=",
};

/** GET /{module}/search: asks an index, which notices changes late. */
export function addSearchRoute(app: FastifyInstance, path: string): void {
  app.get(path, (request, reply) => {
    const account = accountOf(request);
    const module = moduleOf(request);
    const asked = queryText(request, "fields") === undefined ? [...module.fields.keys()] : askedFields(request);
    const passes = testOf(request, account, module);
    const rows = visible(request, module.table.indexed()).filter(passes).reverse();
    const perPage = queryInteger(request, "per_page", MAX_PER_PAGE, MAX_PER_PAGE);
    const page = queryInteger(request, "page", 1, MAX_ROWS);
    if (page * perPage > MAX_ROWS) {
      throw new ZohoError(400, "LIMIT_EXCEEDED", "limit exceeded", { limit: MAX_ROWS });
    }
    const found = rows.slice((page - 1) * perPage, page * perPage);
    if (found.length === 0) return reply.code(204).send();
    return {
      data: found.map((row) => viewRecord(account, module.fields, row, inLists(account, asked))),
      info: { per_page: perPage, count: found.length, page, more_records: page * perPage < rows.length },
    };
  });
}

function testOf(request: FastifyRequest, account: ZohoAccount, module: Module): Test {
  const given = WAYS.filter((way) => queryText(request, way) !== undefined);
  const [way] = given;
  if (way === undefined) throw missingParameter(WAYS.join("|"));
  if (given.length > 1) {
    throw new ZohoError(400, "AMBIGUITY_DURING_PROCESSING", "ambiguity while processing the request", {
      param_names: given,
    });
  }
  const wanted = queryText(request, way)!;
  const fields = [...module.fields.values()];
  const anyOf = (type: string): Test => {
    const searched = fields.filter((field) => field.type === type);
    return (row) =>
      searched.some(({ name }) => String(valueOf(name, row) ?? "").toLowerCase() === wanted.toLowerCase());
  };
  if (way === "criteria") return criteriaTest(module, wanted);
  if (way === "email" || way === "phone") return anyOf(way);
  if (wanted.length < 2) throw new ZohoError(400, "INVALID_DATA", "invalid data", { param_name: "word" });
  return (row: Row) => fields.some((field) => hasWord(textOf(account, field, row), wanted));
}

function hasWord(text: string, wanted: string): boolean {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}@.+-]+/u)
    .some((word) => word.startsWith(wanted.toLowerCase()));
}

/** `((Last_Name:starts_with:X)and(Email:equals:Y))`; brackets, commas and backslashes in values follow a backslash. */
function criteriaTest(module: Module, text: string): Test {
  if (text.length > MAX_CRITERIA) throw new ZohoError(400, "LIMIT_EXCEEDED", "limit exceeded", { limit: MAX_CRITERIA });
  let at = 0;
  const fail = () => new ZohoError(400, "INVALID_QUERY", "Invalid query formed", { near: text.slice(at, at + 20) });

  function group(): Test {
    if (text[at] !== "(") throw fail();
    at += 1;
    const test = text[at] === "(" ? chain() : single();
    if (text[at] !== ")") throw fail();
    at += 1;
    return test;
  }

  function chain(): Test {
    let test = group();
    for (;;) {
      const connective = /^\s*(and|or)\s*/i.exec(text.slice(at));
      if (!connective) return test;
      at += connective[0].length;
      const [left, right] = [test, group()];
      test =
        connective[1]!.toLowerCase() === "and" ? (row) => left(row) && right(row) : (row) => left(row) || right(row);
    }
  }

  function single(): Test {
    const match = /^(\w+):(\w+):((?:\\.|[^\\()])*)/s.exec(text.slice(at));
    if (!match) throw fail();
    at += match[0].length;
    const [, name, operator, value] = match;
    const field = module.fields.get(name!);
    const comparator = COMPARATORS[operator!];
    if (!field || !comparator) throw fail();
    const plain = value!.replace(/\\(.)/gs, "$1");
    const values = operator === "in" ? plain.split(",") : [operator === "starts_with" ? `${plain}%` : plain];
    const test = fieldTest(field, comparator, values);
    return (row) => test(valueOf(field.name, row));
  }

  const test = text.startsWith("((") ? group() : chain();
  if (at < text.length) throw fail();
  return test;
}
