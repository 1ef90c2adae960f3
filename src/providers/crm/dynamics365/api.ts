import { CrmError, invalidInput } from "../../../errors/crm-error.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { allPages } from "../../kit/adapter-kit.js";

export const API = "/api/data/v9.2";
/** As many ids as fit into an address that servers and proxies take everywhere: 16 kB, where Dataverse takes 32. */
export const IDS_MAX = 300;
const URL_MAX = 32_000;
const ANNOTATIONS =
  'odata.include-annotations="OData.Community.Display.V1.FormattedValue,Microsoft.Dynamics.CRM.lookuplogicalname"';

export type QueryOptions = Readonly<Record<string, string | undefined>>;

interface Answer {
  value: NativeRecord[];
  "@odata.nextLink": string;
}

/** A query as path and text: the names of parameters stand as documented, only values are escaped. */
export function queryPath(set: string, options: QueryOptions): string {
  const parts = Object.entries(options).flatMap(([name, value]) =>
    value ? `${name}=${encodeURIComponent(value)}` : [],
  );
  const path = `${API}/${set}?${parts.join("&")}`;
  if (path.length > URL_MAX)
    throw invalidInput({ filter: "The texts in this filter are too long for a search. Shorten them." });
  return path;
}

/** Which rows have one of the values in a column, which goes by its own name here, also where it is a lookup. */
export function isAnyOf(column: string, values: readonly string[]): QueryOptions {
  return {
    $filter: "Microsoft.Dynamics.CRM.In(PropertyName=@p1,PropertyValues=@p2)",
    "@p1": `'${column}'`,
    "@p2": JSON.stringify(values),
  };
}

/** One page, of at most so many rows. Source: learn.microsoft.com, "Page results by using OData". */
export async function readPage(context: ProviderContext, path: string, rows?: number) {
  const prefer = rows === undefined ? ANNOTATIONS : `${ANNOTATIONS},odata.maxpagesize=${rows}`;
  const headers = { prefer, "odata-version": "4.0", "odata-maxversion": "4.0", "if-none-match": "null" };
  const { body } = await context.send({ method: "GET", path, headers, safe: true });
  const { value, "@odata.nextLink": link } = body as Partial<Answer>;
  if (!Array.isArray(value))
    throw new CrmError("PROVIDER_ERROR", { detail: "Dataverse’s response has no list of records." });
  return { records: value, next: link === undefined ? null : nextPath(context.origin, link) };
}

/** All rows that a query finds. */
export function readAll(context: ProviderContext, set: string, options: QueryOptions): Promise<NativeRecord[]> {
  return allPages((next) => readPage(context, next ?? queryPath(set, options)));
}

/** The link is followed as it stands, but the credential goes nowhere else with it. */
function nextPath(origin: string, link: string): string {
  const url = URL.parse(link, origin);
  if (url?.origin === origin && url.pathname.startsWith(`${API}/`)) return url.pathname + url.search;
  throw new CrmError("PROVIDER_ERROR", { detail: "Dataverse’s link to the next page leads outside this environment." });
}

/** The number of rows in an answer; undefined for an answer that is no list. */
export const countRecords = (body: unknown) => (body as { value?: unknown[] } | null)?.value?.length;
