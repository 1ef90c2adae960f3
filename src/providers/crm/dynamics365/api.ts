import type { Decoder } from "../../../upstream/answer-body.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { allPages } from "../../kit/adapter-kit.js";
import { membersOf, recordCount, unexpectedAnswer } from "../../kit/answer.js";
import { assertFilterFits, URL_MAX } from "../../kit/url-length.js";
import { rowsOf } from "./answers.js";
import { PROVIDER_NAME } from "./dialect.js";

export const API = "/api/data/v9.2";
/** Maximum number of ids in one query. An id takes 45 bytes of the URL. */
export const IDS_MAX = 50;
/** Bytes that Dataverse adds to the link to the next page. */
const SKIP_TOKEN = 700;
export const ANNOTATIONS =
  'odata.include-annotations="OData.Community.Display.V1.FormattedValue,Microsoft.Dynamics.CRM.lookuplogicalname"';

export type QueryOptions = Readonly<Record<string, string | undefined>>;

/**
 * Builds the path and the query of a URL. The names of parameters stay as documented, and only the values are escaped.
 * Columns that are too long for a URL are not named: without `$select`, Dataverse returns all columns.
 * @throws CrmError INVALID_INPUT if the filter is too long
 */
export function queryPath(set: string, options: QueryOptions): string {
  const path = pathWith(set, options);
  if (path.length <= URL_MAX - SKIP_TOKEN) return path;
  const { $select, ...others } = options;
  const unselected = $select === undefined ? path : pathWith(set, others);
  assertFilterFits(PROVIDER_NAME, unselected.length, URL_MAX - SKIP_TOKEN);
  return unselected;
}

function pathWith(set: string, options: QueryOptions): string {
  const parts = Object.entries(options).flatMap(([name, value]) =>
    value ? `${name}=${encodeURIComponent(value)}` : [],
  );
  return `${API}/${set}?${parts.join("&")}`;
}

/** Builds the condition that a column has one of the values. Use the column's own name, also for a lookup column. */
export function isAnyOf(column: string, values: readonly string[]): QueryOptions {
  return {
    $filter: "Microsoft.Dynamics.CRM.In(PropertyName=@p1,PropertyValues=@p2)",
    "@p1": `'${column}'`,
    "@p2": JSON.stringify(values),
  };
}

/** Reads one page of at most `rows` rows. Source: learn.microsoft.com, "Page results by using OData". */
export async function readPage<Row extends NativeRecord>(
  context: ProviderContext,
  path: string,
  row: Decoder<Row>,
  rows?: number,
) {
  const prefer = rows === undefined ? ANNOTATIONS : `${ANNOTATIONS},odata.maxpagesize=${rows}`;
  const headers = { prefer, "odata-version": "4.0", "odata-maxversion": "4.0", "if-none-match": "null" };
  const { body } = await context.send({ method: "GET", path, headers, safe: true });
  const { value: records, "@odata.nextLink": link } = body.decode(rowsOf(row));
  return { records, next: link === undefined ? null : nextPath(context, link) };
}

/** Reads all rows of a query. */
export function readAll<Row extends NativeRecord>(
  context: ProviderContext,
  set: string,
  options: QueryOptions,
  row: Decoder<Row>,
): Promise<Row[]> {
  return allPages((next) => readPage(context, next ?? queryPath(set, options), row));
}

/**
 * Follows the link, but only within this environment, because the request contains the credential. Behind a proxy, the
 * link names the environment itself, and its path does not have the path of the proxy.
 */
function nextPath({ origin, pages = origin }: ProviderContext, link: string): string {
  const url = URL.parse(link, `${origin}/`);
  for (const address of [origin, pages]) {
    const base = new URL(address);
    if (url?.origin !== base.origin) continue;
    const path = url.pathname.startsWith(`${API}/`) ? url.pathname : url.pathname.slice(base.pathname.length);
    if (path.startsWith(`${API}/`)) return path + url.search;
  }
  throw unexpectedAnswer("Dataverse’s link to the next page leads outside this environment.");
}

/** Counts the rows in a response. Undefined if the response is not a list. */
export const countRecords = (body: unknown) => recordCount(membersOf(body)["value"]);
