import { randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { LRUCache } from "lru-cache";
import { queryList, queryText } from "../../kit/request.js";
import type { Row, ZohoAccount } from "./account.js";
import { invalidData, limitExceeded, missingParameter, UNKNOWN_ID, ZohoError } from "./errors.js";
import { valueOf, viewRecord } from "./record-view.js";
import { accountOf, moduleOf, queryInteger } from "./request.js";

const MAX_FIELDS = 50;
const MAX_PER_PAGE = 200;
const MAX_IDS_CHARACTERS = 1024;
/** Maximum number of rows that numbered pages reach. Page tokens reach the rows after them. */
const NUMBERED_ROWS = 2000;
const MAX_ROWS = 100_000;
const TOKEN_LIFETIME = 24 * 60 * 60 * 1000;

interface PageToken {
  account: string;
  /** The parameters of the request for which the token was issued. */
  bound: string;
  offset: number;
  expiresAt: number;
}

/** Adds GET /{module}, which returns pages of a module's records, or records by their ids. */
export function addListRoute(app: FastifyInstance, path: string): void {
  const tokens = new LRUCache<string, PageToken>({ max: 10_000 });

  app.get(path, (request, reply) => {
    const account = accountOf(request);
    const { table, fields } = moduleOf(request);
    const asked = askedFields(request);
    const rows = sorted(request, visible(request, table.all()));
    const ids = queryText(request, "ids");
    const view = (row: Row) => viewRecord(account, fields, row, inLists(account, asked));
    if (ids !== undefined) return listed(reply, account, byIds(ids, rows).map(view));

    const perPage = queryInteger(request, "per_page", MAX_PER_PAGE, MAX_PER_PAGE);
    const page = queryInteger(request, "page", 1, MAX_ROWS);
    const offset = offsetOf(request, account, page, perPage);
    const found = rows.slice(offset, offset + perPage);
    if (found.length === 0) return reply.code(204).send();
    const more = offset + found.length < rows.length;
    const token = (at: number) => issue(account, boundOf(request), at);
    return {
      data: found.map(view),
      info: {
        call: false,
        per_page: perPage,
        next_page_token: more ? token(offset + perPage) : null,
        count: found.length,
        sort_by: queryText(request, "sort_by") ?? "id",
        page,
        previous_page_token: offset > 0 ? token(Math.max(0, offset - perPage)) : null,
        page_token_expiry: more ? account.clock.write(account.now() + TOKEN_LIFETIME) : null,
        sort_order: queryText(request, "sort_order") ?? "desc",
        email: false,
        more_records: more,
      },
    };
  });

  function offsetOf(request: FastifyRequest, account: ZohoAccount, page: number, perPage: number): number {
    const shown = queryText(request, "page_token");
    if (shown === undefined) {
      if (page * perPage <= NUMBERED_ROWS) return (page - 1) * perPage;
      throw new ZohoError(400, "DISCRETE_PAGINATION_LIMIT_EXCEEDED", "discrete pagination limit exceeded", {
        limit: NUMBERED_ROWS,
      });
    }
    if (queryText(request, "page") !== undefined) {
      const names = { param_names: ["page", "page_token"] };
      throw new ZohoError(400, "AMBIGUITY_DURING_PROCESSING", "ambiguity while processing the request", names);
    }
    const token = tokens.get(shown);
    if (!token || token.account !== account.name) {
      throw new ZohoError(400, "INVALID_DATA", "the token given seems to be invalid", { param_name: "page_token" });
    }
    if (token.expiresAt <= account.now()) throw new ZohoError(400, "EXPIRED_VALUE", "the token given has expired");
    if (token.bound !== boundOf(request)) {
      throw new ZohoError(400, "TOKEN_BOUND_DATA_MISMATCH", "page_token is bound to the parameters of its request");
    }
    if (token.offset + perPage > MAX_ROWS) {
      throw new ZohoError(400, "PAGINATION_LIMIT_EXCEEDED", "pagination limit exceeded", { limit: MAX_ROWS });
    }
    return token.offset;
  }

  function issue(account: ZohoAccount, bound: string, offset: number): string {
    const token = randomBytes(16).toString("hex");
    tokens.set(token, { account: account.name, bound, offset, expiresAt: account.now() + TOKEN_LIFETIME });
    return token;
  }
}

/** @throws ZohoError if the request names no fields, or too many */
export function askedFields(request: FastifyRequest): string[] {
  const asked = queryList(request, "fields");
  if (asked.length === 0) throw missingParameter("fields");
  if (asked.length > MAX_FIELDS) {
    throw limitExceeded({ param_name: "fields", limit: MAX_FIELDS }, "fields ");
  }
  return asked;
}

/** The fields of a record in a list. */
function inLists({ hasSparseLists }: ZohoAccount, asked: readonly string[]): string[] {
  return asked.filter((name) => !hasSparseLists || name !== "Participants");
}

/** Returns the rows that a request may see. Converted leads are hidden unless the request includes them. */
export function visible(request: FastifyRequest, rows: readonly Row[]): Row[] {
  const wanted = queryText(request, "converted") ?? "false";
  return rows.filter(({ values }) => wanted === "both" || (values["Converted__s"] === true) === (wanted === "true"));
}

function sorted(request: FastifyRequest, rows: readonly Row[]): Row[] {
  const by = queryText(request, "sort_by") ?? "id";
  if (!["id", "Created_Time", "Modified_Time"].includes(by)) {
    throw invalidData({ param_name: "sort_by" });
  }
  const sign = queryText(request, "sort_order") === "asc" ? 1 : -1;
  return [...rows].sort((one, other) => {
    const [left, right] = [valueOf(by, one), valueOf(by, other)] as [string, string];
    return sign * (left < right ? -1 : left > right ? 1 : Number(one.id > other.id) * 2 - 1);
  });
}

function byIds(ids: string, rows: readonly Row[]): Row[] {
  if (ids.length > MAX_IDS_CHARACTERS) {
    throw limitExceeded({ param_name: "ids", maximum_length: MAX_IDS_CHARACTERS }, "ids ");
  }
  const wanted = new Set(ids.split(","));
  return rows.filter(({ id }) => wanted.has(id));
}

function listed(reply: FastifyReply, account: ZohoAccount, data: readonly object[]) {
  if (data.length > 0)
    return { data, info: { per_page: MAX_PER_PAGE, count: data.length, page: 1, more_records: false } };
  if (account.isStrict) throw new ZohoError(400, "INVALID_DATA", UNKNOWN_ID);
  return reply.code(204).send();
}

function boundOf(request: FastifyRequest): string {
  const { page: _page, page_token: _token, ...bound } = request.query as Record<string, string>;
  return JSON.stringify(Object.entries(bound).sort());
}
