import { badRequest, type SalesforceError } from "../errors.js";
import type { Org } from "../org.js";
import { objectNamed } from "../schema/index.js";
import { compileCondition } from "../soql/conditions.js";
import { parseConditions } from "../soql/parser.js";
import { compileColumns, type RenderedRecord } from "../soql/render.js";
import { MAX_FOUND, search, type SearchScope, type SearchTarget } from "./search.js";
import { parseTerms } from "./terms.js";

const FIND = /^\s*FIND\s*\{((?:\\.|[^\\{}])*)\}\s*/isu;
const SCOPE = /^IN\s+(ALL|NAME|EMAIL|PHONE)\s+FIELDS\s*/iu;
const LIMIT = /\s+LIMIT\s+(\d{1,6})\s*$/iu;
const OBJECT = /^\s*(\w+)\s*(?:\(([^]*)\))?\s*$/u;
const OBJECT_BODY = /^([\w\s.,]*?)(?:\s+WHERE\s+([^]*?))?(?:\s+LIMIT\s+(\d{1,6}))?\s*$/iu;

/** One object that a search returns records of, as the request says it. */
export interface Returning {
  object: string;
  fields: string[];
  where: string | null;
  limit: number | null;
}

/** `FIND {words} IN ALL FIELDS RETURNING Contact(Id, Name WHERE … LIMIT 5), Lead LIMIT 20`. */
export function runSosl(org: Org, sosl: string, version: string): RenderedRecord[] {
  const find = FIND.exec(sosl);
  if (!find) throw malformed("FIND {…} expected");
  let rest = sosl.slice(find[0].length);
  const scope = SCOPE.exec(rest);
  if (scope) rest = rest.slice(scope[0].length);
  const limit = LIMIT.exec(` ${rest}`);
  if (limit) rest = ` ${rest}`.slice(0, limit.index);
  rest = rest.trim();
  if (!/^RETURNING\s/iu.test(rest)) throw malformed("RETURNING expected: this org searches no other objects");
  const returning = splitObjects(rest.slice("RETURNING".length)).map(readReturning);
  return runSearch(org, find[1]!, {
    scope: (scope?.[1]?.toUpperCase() ?? "ALL") as SearchScope,
    returning,
    limit: limit ? Number(limit[1]) : null,
    version,
  });
}

export interface SearchRequest {
  scope: SearchScope;
  returning: Returning[];
  limit: number | null;
  version: string;
}

export function runSearch(org: Org, words: string, request: SearchRequest): RenderedRecord[] {
  const term = parseTerms(words);
  const targets = request.returning.map((returning) => compileTarget(org, returning, request.version));
  return search(org, term, request.scope, targets, Math.min(request.limit ?? MAX_FOUND, MAX_FOUND));
}

function compileTarget(org: Org, returning: Returning, version: string): SearchTarget {
  const schema = objectNamed(returning.object);
  if (!schema?.searchable) {
    throw badRequest("INVALID_TYPE", `sObject type '${returning.object}' is not supported in a search`);
  }
  const names = (returning.fields.length > 0 ? returning.fields : ["Id"]).map((name) => ({
    parts: name.split("."),
    at: 0,
  }));
  const text = returning.where ?? "";
  const test =
    returning.where === null
      ? () => true
      : compileCondition({ org, schema, soql: text, subquery: noSubquery }, parseConditions(text));
  return {
    schema,
    test,
    render: compileColumns(org, names.map(({ parts }) => parts.join(".")).join(","), schema, names, version),
    limit: returning.limit ?? MAX_FOUND,
  };
}

function readReturning(text: string): Returning {
  const object = OBJECT.exec(text);
  if (!object) throw malformed(`unexpected token: ${text.trim()}`);
  const body = OBJECT_BODY.exec(object[2] ?? "");
  if (!body) throw malformed(`unexpected token: ${object[2]!.trim()}`);
  return {
    object: object[1]!,
    fields: namesIn(body[1]!),
    where: body[2] ?? null,
    limit: body[3] === undefined ? null : Number(body[3]),
  };
}

export function namesIn(list: string): string[] {
  return list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/** Cuts at the commas that are in no parentheses and no quotes. */
function splitObjects(text: string): string[] {
  const objects: string[] = [""];
  let depth = 0;
  for (const [piece] of text.matchAll(/'(?:\\.|[^'\\])*'|[^]/gu)) {
    if (piece === "(") depth++;
    if (piece === ")") depth--;
    if (piece === "," && depth === 0) objects.push("");
    else objects[objects.length - 1] += piece;
  }
  return objects;
}

function noSubquery(): never {
  throw malformed("a search takes no sub-query");
}

function malformed(problem: string): SalesforceError {
  return badRequest("MALFORMED_SEARCH", problem);
}
