import { createHash } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { CursorCodec, markOf } from "../../../src/graphql/operation/cursor.js";
import {
  decodeMerged,
  encodeMerged,
  lastPlace,
  START,
  startsInMerged,
} from "../../../src/graphql/operation/merged/merged-cursor.js";
import type { StreamState } from "../../../src/graphql/operation/merged/merge-stream.js";
import { Random } from "../../../src/sandbox/kit/random.js";

const cursors = new CursorCodec([new Uint8Array(32).fill(1)]);
const LISTING = "meetings of somebody";
const random = new Random("cursors");
const text = (alphabet: string, length: number) => Array.from({ length }, () => random.pick([...alphabet])).join("");
const HEX = "0123456789abcdef";
const BASE62 = `${HEX}ghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ`;
const marks = (count: number) => Array.from({ length: count }, () => markOf(text(HEX, 32)));
const time = () => Date.UTC(2026, 0, 1) + random.integer(0, 30_000_000_000);
const instant = () => new Date(time()).toISOString();

/** The place of a listing by a number or a time, with as many ends of ids as it keeps. */
const anchor = () =>
  JSON.stringify({ from: instant(), skip: 20, seen: Array.from({ length: 20 }, () => text(HEX, 8)) });

/** A link to the next page, as Dataverse answers it: columns, filter, order and a paging cookie that is escaped twice. */
function nextLink(): string {
  const columns = Array.from({ length: 45 }, (_, index) => `column_${index}_${text("abcdefghijklmnop", 6)}`).join(",");
  const id = `${text(HEX, 8)}-${text(HEX, 4)}-${text(HEX, 4)}-${text(HEX, 4)}-${text(HEX, 12)}`;
  const cookie = encodeURIComponent(
    encodeURIComponent(
      `<cookie page="1"><createdon lastnull="0" last="${instant()}" firstnull="0" first="${instant()}" /><contactid last="{${id}}" first="{${id}}" /></cookie>`,
    ),
  );
  const token = encodeURIComponent(`<cookie pagenumber="2" pagingcookie="${cookie}" istracking="False" />`);
  return `/api/data/v9.2/contacts?$select=${columns}&$filter=(statecode eq 0)&$orderby=createdon asc,contactid asc&$skiptoken=${token}`;
}

/** The longest positions of the ten CRMs. */
function longest(): Map<string, StreamState> {
  const pages: Record<string, [page: string, given: number]> = {
    hubspot: [anchor(), 0],
    odoo: [anchor(), 0],
    zoho: [anchor(), 0],
    espocrm: [anchor(), 0],
    salesforce: [Buffer.from(JSON.stringify([text(BASE62, 18), instant()])).toString("base64url"), 0],
    close: [JSON.stringify({ at: instant(), seen: Array.from({ length: 20 }, () => text(BASE62, 10)) }), 0],
    twenty: [JSON.stringify({ within: instant(), at: text(BASE62, 160) }), 19],
    pipedrive: [text(BASE62, 80), 19],
    attio: [text(BASE62, 120), 19],
    // Nearly all records of a page of 100 came from here.
    dynamics365: [nextLink(), 99],
  };
  return new Map(
    Object.entries(pages).map(([slug, [page, given]]) => [
      `con_01m8nw29p668z7nespnm${slug}`,
      { position: { page, given: marks(given) }, rank: time() },
    ]),
  );
}

test("a cursor for the longest positions of ten CRMs has at most 4 KB, and gives them back", () => {
  const states = longest();
  const cursor = encodeMerged(cursors, states, LISTING);
  expect(cursor.length).toBeLessThanOrEqual(4096);
  // The positions are long: without packing them, it would not be possible.
  expect(JSON.stringify([...states]).length).toBeGreaterThan(5_000);
  expect(decodeMerged(cursors, cursor, [...states.keys()], LISTING)).toEqual(states);
});

describe("states", () => {
  const states = new Map<string, StreamState>([
    ["con_a", START],
    ["con_b", { position: null, rank: 5 }],
    ["con_c", { position: { page: null, given: [markOf("1")] }, rank: Infinity }],
    ["con_d", { position: { page: "next", given: [] }, rank: -7 }],
    ["con_e", { position: { page: "empty page", given: [] }, rank: -Infinity }],
  ]);

  test("of every kind are given back, and an unknown connection begins at its start", () => {
    const cursor = encodeMerged(cursors, states, LISTING);
    expect(decodeMerged(cursors, cursor, [...states.keys(), "con_new"], LISTING)).toEqual(
      new Map([...states, ["con_new", START]]),
    );
  });

  test("say for the price how many records are read again, and which listings are over", () => {
    const starts = startsInMerged(cursors, encodeMerged(cursors, states, LISTING));
    expect(["con_a", "con_b", "con_c", "con_d", "con_new"].map((id) => starts(id))).toEqual([
      { given: 0, isOver: false },
      { given: 0, isOver: true },
      { given: 1, isOver: false },
      { given: 0, isOver: false },
      { given: 0, isOver: false },
    ]);
    expect(startsInMerged(cursors, "no cursor")("con_b")).toEqual({ given: 0, isOver: false });
    // Before the signature is checked, a cursor may claim any number of marks, and a reader that believes it runs out of memory.
    const claims = [1_000_000, -1, 1.5, "7"].map((count) => {
      const ref = createHash("sha256").update("con_b").digest().subarray(0, 6).toString("base64url");
      const packed = deflateRawSync(JSON.stringify([[ref, 1, null, count]]));
      return new CursorCodec([new Uint8Array(32)]).seal("merged\0", Buffer.concat([Buffer.alloc(2), packed]), LISTING);
    });
    for (const claim of claims) expect(startsInMerged(cursors, claim)("con_b")).toEqual({ given: 0, isOver: false });
    expect(startsInMerged(cursors, null)("con_b")).toEqual({ given: 0, isOver: false });
  });

  test("show the last place of the records that were given", () => {
    expect(lastPlace(states)).toEqual({ rank: Infinity, connectionId: "con_c" });
    expect(lastPlace(new Map([["con_a", START]]))).toBeNull();
  });
});

test("a cursor of another listing, of another key or of another kind is refused", () => {
  const cursor = encodeMerged(cursors, longest(), LISTING);
  const others = new CursorCodec([new Uint8Array(32).fill(2)]);
  const refused = expect.objectContaining({
    code: "INVALID_INPUT",
    details: { errors: { after: expect.any(String) } },
  });
  const opened = (run: () => unknown): unknown => {
    try {
      return run();
    } catch (error) {
      return error;
    }
  };
  expect(opened(() => decodeMerged(cursors, cursor, [], "contacts of somebody"))).toEqual(refused);
  expect(opened(() => decodeMerged(others, cursor, [], LISTING))).toEqual(refused);
  expect(opened(() => cursors.decode(cursor, LISTING))).toEqual(refused);
  const single = cursors.encode({ page: "p", given: [] }, LISTING);
  expect(opened(() => decodeMerged(cursors, single, [], LISTING))).toEqual(refused);
});
