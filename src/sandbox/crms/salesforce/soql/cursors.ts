import { badRequest } from "../errors.js";
import type { IdMaker } from "../ids.js";
import { parseSoql } from "./parser.js";
import { runQuery, type QueryOptions, type QueryResult } from "./query.js";
import type { RenderedRecord } from "./render.js";
import type { Org } from "../org.js";

const MAX_PAGE = 2000;
const MIN_PAGE = 200;
/** Maximum number of unfinished queries of an org. Beyond it, the oldest query is dropped. */
const MAX_CURSORS = 200;
const CURSOR_PREFIX = "01g";

export interface QueryPage {
  totalSize: number;
  done: boolean;
  nextRecordsUrl?: string;
  records: RenderedRecord[];
}

export interface PageOptions extends QueryOptions {
  pageSize: number;
}

interface Cursor extends QueryResult {
  pageSize: number;
}

/** Runs queries, and keeps the queries that do not fit one page. */
export class QueryCursors {
  readonly #org: Org;
  readonly #ids: IdMaker;
  readonly #cursors = new Map<string, Cursor>();

  constructor(org: Org) {
    this.#org = org;
    this.#ids = org.ids;
  }

  start(soql: string, options: PageOptions): QueryPage {
    const query = parseSoql(soql);
    const result = runQuery(this.#org, soql, query, options);
    if (query.columns.length === 0) return { totalSize: result.rows.length, done: true, records: [] };
    return this.#page({ ...result, pageSize: options.pageSize }, 0, null, options.version);
  }

  /** Returns the page of a locator, the end of a `nextRecordsUrl`: `{cursor}-{rows already read}`. */
  continue(locator: string, version: string): QueryPage {
    const [id = "", from = ""] = locator.split("-");
    const cursor = this.#cursors.get(id);
    if (!cursor || !/^\d{1,9}$/.test(from) || Number(from) > cursor.rows.length) {
      throw badRequest("INVALID_QUERY_LOCATOR", "invalid query locator");
    }
    return this.#page(cursor, Number(from), id, version);
  }

  #page(cursor: Cursor, from: number, id: string | null, version: string): QueryPage {
    const { records, to } = this.#read(cursor, from);
    const totalSize = cursor.rows.length;
    if (to >= totalSize) return { totalSize, done: true, records };
    const next = id ?? this.#keep(cursor);
    return { totalSize, done: false, nextRecordsUrl: `/services/data/${version}/query/${next}-${to}`, records };
  }

  /** Reads one page. Rows of sub-selects count, so a page may contain fewer records than its size. */
  #read(cursor: Cursor, from: number): { records: RenderedRecord[]; to: number } {
    const records: RenderedRecord[] = [];
    let weight = 0;
    while (from + records.length < cursor.rows.length) {
      const record = cursor.render(cursor.rows[from + records.length]!);
      weight += 1 + childCount(record);
      if (weight > cursor.pageSize && records.length > 0) break;
      records.push(record);
    }
    return { records, to: from + records.length };
  }

  #keep(cursor: Cursor): string {
    const id = this.#ids.next(CURSOR_PREFIX);
    this.#cursors.set(id, cursor);
    if (this.#cursors.size > MAX_CURSORS) this.#cursors.delete(this.#cursors.keys().next().value!);
    return id;
  }
}

/** Reads `batchSize=500` of the header Sforce-Query-Options. */
export function pageSizeOf(header: string | undefined): number {
  const asked = /\bbatchSize\s*=\s*(\d{1,6})\b/i.exec(header ?? "")?.[1];
  return asked === undefined ? MAX_PAGE : Math.min(MAX_PAGE, Math.max(MIN_PAGE, Number(asked)));
}

function childCount(record: RenderedRecord): number {
  return Object.values(record).reduce<number>((sum, value) => {
    const isList = typeof value === "object" && value !== null && "totalSize" in value;
    return isList ? sum + Number(value.totalSize) : sum;
  }, 0);
}
