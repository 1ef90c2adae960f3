import { expect, test } from "@jest/globals";
import { requestIdOf } from "../../src/http/request-id.js";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("a sane id is honoured", () => {
  for (const id of ["1", "4bf92f3577b34da6a3ce929d0e0e4736", "svc:a/b=c+d_e-f.g"]) expect(requestIdOf(id)).toBe(id);
});

test("what could break a header or a log line is replaced, and so is what was sent twice", () => {
  const insane = [undefined, "", " ", "a\r\nX-Evil: 1", "a\u0000", "é", '"', "{}", "x".repeat(129), ["a", "b"]];
  for (const id of insane) expect(requestIdOf(id)).toMatch(UUID);
});
