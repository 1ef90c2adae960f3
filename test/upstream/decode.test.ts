import { describe, expect, test } from "@jest/globals";
import { CrmError } from "../../src/errors/crm-error.js";
import { errorExtensions } from "../../src/errors/format.js";
import { AnswerBody, decoding, type Decoder } from "../../src/upstream/answer-body.js";
import {
  anything,
  boolean,
  dictionary,
  emptyBody,
  exactly,
  filledList,
  filledText,
  id,
  lenient,
  list,
  map,
  member,
  nullable,
  number,
  object,
  optional,
  record,
  sentId,
  text,
} from "../../src/upstream/decode.js";

const SECRET = "ann@example.com";

function refusal(value: unknown, decoder: Decoder<unknown>, isOfWrite = false): CrmError {
  try {
    new AnswerBody(value, isOfWrite).decode(decoder);
  } catch (error) {
    if (error instanceof CrmError) return error;
    throw error;
  }
  throw new Error("Expected a refusal, got a value.");
}

describe("decoders", () => {
  test.each<[string, Decoder<unknown>, unknown, unknown]>([
    ["anything", anything, null, null],
    ["a text", text, "", ""],
    ["a number", number, 0, 0],
    ["a boolean", boolean, false, false],
    ["an id that is a text", id, "7", "7"],
    ["an id that is a number, as text", id, 7, "7"],
    ["an id as the CRM sent it", sentId, 7, 7],
    ["an absent optional member", optional(text), undefined, undefined],
    ["a null that may be", nullable(text), null, null],
    ["a lenient value of another form", lenient(text), 7, undefined],
    ["a lenient value", lenient(text), "x", "x"],
    ["the text itself", exactly("OK"), "OK", "OK"],
    ["a list", list(id), [1, "2"], ["1", "2"]],
    ["a dictionary", dictionary(number), { a: 1 }, { a: 1 }],
    ["a member", member("a", member("b", id)), { a: { b: 3, c: 4 } }, "3"],
    ["an object without its other members", object({ a: id }), { a: 1, b: 2 }, { a: "1" }],
    ["a converted value", map(text, (value) => value.length), "four", 4],
    ["no body", emptyBody, "", ""],
  ])("%s passes", (_name, decoder, value, decoded) => {
    expect(new AnswerBody(value).decode(decoder)).toEqual(decoded);
  });

  test.each<[string, Decoder<unknown>, unknown, string]>([
    ["no object", object({}), null, "Expected an object as the CRM’s response, got null."],
    ["a list for an object", record({}), [], "Expected an object as the CRM’s response, got a list."],
    ["an object for a list", list(text), {}, "Expected a list as the CRM’s response, got an object."],
    ["an absent member", object({ a: id }), {}, "Expected an id at `a` in the CRM’s response, got nothing."],
    ["an empty id", object({ a: id }), { a: "" }, "Expected an id at `a` in the CRM’s response, got an empty text."],
    ["an id of zero", object({ a: id }), { a: 0 }, "Expected an id at `a` in the CRM’s response, got a number."],
    ["an id that is a fraction", id, 1.5, "Expected an id as the CRM’s response, got a number."],
    ["null that may only be absent", optional(text), null, "Expected a text as the CRM’s response, got null."],
    [
      "an absence that may only be null",
      nullable(text),
      undefined,
      "Expected a text as the CRM’s response, got nothing.",
    ],
    ["an empty list", filledList(text), [], "Expected a list with an item as the CRM’s response, got another list."],
    ["an empty text", filledText, "", "Expected a text that is not empty as the CRM’s response, got another text."],
    ["another text", exactly("OK"), SECRET, "Expected OK as the CRM’s response, got another text."],
    ["a page for no body", emptyBody, `<p>${SECRET}</p>`, "Expected no body as the CRM’s response, got another text."],
    [
      "a deep value",
      object({ results: list(record({ id: sentId })) }),
      { results: [{ id: 1 }, { id: { [SECRET]: SECRET } }] },
      "Expected an id at `results[1].id` in the CRM’s response, got an object.",
    ],
    [
      "a value under a name that is data",
      object({ users: dictionary(number) }),
      { users: { [SECRET]: SECRET } },
      "Expected a number at `users[*]` in the CRM’s response, got a text.",
    ],
  ])("%s is refused by its place, without the value", (_name, decoder, value, detail) => {
    const error = refusal(value, decoder);
    expect([error.code, error.details]).toEqual(["PROVIDER_ERROR", { detail }]);
    expect(JSON.stringify(errorExtensions(error))).not.toContain(SECRET);
  });

  test("a record is the object that was sent, with all its members", () => {
    const sent = { id: 7, other: "x" };
    expect(record({ id })(sent)).toBe(sent);
  });

  test("a name of every object is no member of an answer", () => {
    expect(refusal({}, object({ constructor: anything, toString: text })).details.detail).toContain("`toString`");
  });

  test("what a decoder itself does wrong is no fault of the CRM", () => {
    const wrong = map(anything, () => {
      throw new TypeError("a bug");
    });
    for (const decoder of [wrong, lenient(wrong), object({ a: wrong }), record({ a: wrong }), dictionary(wrong)]) {
      expect(() => new AnswerBody({ a: 1 }).decode(decoder)).toThrow(TypeError);
      expect(() => decoding(() => decoder({ a: 1 }))).toThrow(TypeError);
    }
  });
});

describe("the body of an answer", () => {
  test("shows nothing of its value", () => {
    const body = new AnswerBody({ token: SECRET });
    expect(JSON.stringify({ body })).toBe('{"body":{}}');
    expect(Object.keys(body)).toEqual([]);
  });

  test("a broken answer to a write is UNKNOWN, not retryable, and says to look first", () => {
    const extensions = errorExtensions(refusal({}, object({ id }), true));
    expect(extensions).toMatchObject({ code: "PROVIDER_ERROR", outcome: "UNKNOWN", retryable: false });
    expect(extensions.detail).toMatch(/^Read the record, or search for it after a create, .*`id`/s);
    expect(errorExtensions(refusal({}, object({ id })))).toMatchObject({ retryable: true });
  });
});
