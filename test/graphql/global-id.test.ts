import { expect, test } from "@jest/globals";
import { decodeGlobalId, encodeGlobalId } from "../../src/graphql/operation/global-id.js";

test.each(["1", "003Ws00000ABCDEIA4", "a:b", "ü–🎉", "x".repeat(500)])(
  "a global id contains the native id %j",
  (nativeId) => {
    for (const kind of ["contact", "lead", "meeting", "owner", "company", "companyName"] as const) {
      const parts = { kind, connectionId: "con_01m83j7paxbk3g5js0mkqwxn9g", nativeId };
      const id = encodeGlobalId(parts);
      expect(id).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(decodeGlobalId(id)).toEqual(parts);
    }
  },
);

test("native ids of CRMs are not parsed as global ids", () => {
  for (const id of [
    "1",
    "48000000101",
    "003Ws00000ABCDEIA4",
    "00QWs000002abcDMAQ",
    "con_01m83j7paxbk3g5js0mkqwxn9g",
    "",
    "c:con_1:1",
  ]) {
    expect(decodeGlobalId(id)).toBeNull();
  }
});

test("bytes that are no UTF-8 are not an id", () => {
  const id = Buffer.concat([Buffer.from("c:con_1:1"), Uint8Array.of(0xff)]).toString("base64url");
  expect(decodeGlobalId(id)).toBeNull();
});

test("another base64 spelling of the same bytes is not an id", () => {
  const id = encodeGlobalId({ kind: "contact", connectionId: "con_1", nativeId: "12" });
  for (const other of [`${id}=`, `${id} `, `${id}\n`, id.replaceAll("-", "+"), `${id}.`].filter(
    (text) => text !== id,
  )) {
    expect(decodeGlobalId(other)).toBeNull();
  }
});
