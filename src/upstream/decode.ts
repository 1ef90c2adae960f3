import { Mismatch, type Decoder } from "./answer-body.js";

/**
 * Decoders of CRMs' answers. A call decodes the envelope, the ids and the members that its adapter relies on, and nothing
 * more: the fields of a record are read by the field map, which takes any value. Members that a decoder does not name
 * pass.
 *
 *     const page = object({ results: list(record({ id: sentId })), paging: optional(object({ next: text })) });
 *     const { results, paging } = response.body.decode(page);
 *
 * An optional member may be absent, but what is there has to fit: `null` fits `nullable` only. `lenient` is for what
 * crmesh can do without, such as the code of an error.
 */

/** The value as it is. */
export const anything: Decoder<unknown> = (value) => value;

export const text: Decoder<string> = (value) => (typeof value === "string" ? value : fail("a text", value));
export const number: Decoder<number> = (value) => (typeof value === "number" ? value : fail("a number", value));
export const boolean: Decoder<boolean> = (value) => (typeof value === "boolean" ? value : fail("a boolean", value));

/** An id as the CRM sent it: a text that is not empty, or a whole number above zero. */
export const sentId: Decoder<string | number> = (value) =>
  (typeof value === "string" && value !== "") || (Number.isSafeInteger(value) && (value as number) > 0)
    ? (value as string | number)
    : fail("an id", value);

/** An id as text. */
export const id: Decoder<string> = (value) => String(sentId(value));

export function exactly<const Value extends string | boolean>(expected: Value): Decoder<Value> {
  return (value) => (value === expected ? expected : fail(String(expected), value, `another ${formOf(value)}`));
}

/** A value that may be absent. JSON has no undefined, so null does not count as absent. */
export function optional<Value>(decoder: Decoder<Value>): Decoder<Value | undefined> {
  return (value) => (value === undefined ? undefined : decoder(value));
}

export function nullable<Value>(decoder: Decoder<Value>): Decoder<Value | null> {
  return (value) => (value === null ? null : decoder(value));
}

/** A value that the adapter can do without. Undefined if it has another form. */
export function lenient<Value>(decoder: Decoder<Value>): Decoder<Value | undefined> {
  return (value) => {
    try {
      return decoder(value);
    } catch (error) {
      if (error instanceof Mismatch) return undefined;
      throw error;
    }
  };
}

/** A value with one more condition. @param expected what the condition asks for, such as `the text OK` */
export function where<Value>(decoder: Decoder<Value>, test: (value: Value) => boolean, expected: string) {
  return (value: unknown): Value => {
    const decoded = decoder(value);
    return test(decoded) ? decoded : fail(expected, value, `another ${formOf(value)}`);
  };
}

export const filledText = where(text, (value) => value !== "", "a text that is not empty");

/** A list of at least one item. */
export function filledList<Item>(item: Decoder<Item>): Decoder<Item[]> {
  return where(list(item), ({ length }) => length > 0, "a list with an item");
}

/** The body of an answer that has none. */
export const emptyBody = where(text, (value) => value === "", "no body");

export function map<From, To>(decoder: Decoder<From>, convert: (value: From) => To): Decoder<To> {
  return (value) => convert(decoder(value));
}

/** The value of one member of an object. */
export function member<Value>(name: string, decoder: Decoder<Value>): Decoder<Value> {
  return (value) => inside(name, decoder, asObject(value)[name]);
}

export function list<Item>(item: Decoder<Item>): Decoder<Item[]> {
  return (value) => {
    if (!Array.isArray(value)) return fail("a list", value);
    return value.map((one: unknown, index) => inside(index, item, one));
  };
}

/** An object whose names are data, such as ids. The place in an error does not show them. */
export function dictionary<Value>(decoder: Decoder<Value>): Decoder<Record<string, Value>> {
  return (value) =>
    Object.fromEntries(Object.entries(asObject(value)).map(([name, one]) => [name, inside("*", decoder, one)]));
}

/** The members of an object of which nothing is known. */
export type Members = Record<string, unknown>;

type Shape = Readonly<Record<string, Decoder<unknown>>>;
type Decoded<Of extends Shape> = { [Name in keyof Of]: ReturnType<Of[Name]> };

/** The named members of an object, decoded. The result has no others. */
export function object<const Of extends Shape>(shape: Of): Decoder<Decoded<Of>> {
  const members = Object.entries(shape);
  return (value) => {
    const sent = asObject(value);
    const decoded: Record<string, unknown> = {};
    for (const [name, decoder] of members) decoded[name] = inside(name, decoder, sent[name]);
    return decoded as Decoded<Of>;
  };
}

/** An object itself, with all its members, whose named members fit. It becomes `raw`, so nothing in it is converted. */
export function record<const Of extends Shape>(shape: Of): Decoder<Members & Decoded<Of>> {
  const members = Object.entries(shape);
  return (value) => {
    const sent = asObject(value);
    for (const [name, decoder] of members) inside(name, decoder, sent[name]);
    return sent as Members & Decoded<Of>;
  };
}

function asObject(value: unknown): Members {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as Members) : fail("an object", value);
}

function inside<Value>(part: string | number, decoder: Decoder<Value>, value: unknown): Value {
  try {
    return decoder(value);
  } catch (error) {
    throw error instanceof Mismatch ? error.within(part) : error;
  }
}

function fail(expected: string, value: unknown, got = formOf(value, true)): never {
  throw new Mismatch(expected, got);
}

/** The form of a value, which shows nothing of the value itself. */
function formOf(value: unknown, withArticle = false): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  const form = Array.isArray(value) ? "list" : typeof value === "string" ? "text" : typeof value;
  const noun = value === "" ? "empty text" : form;
  if (!withArticle) return form;
  return `${/^[aeo]/.test(noun) ? "an" : "a"} ${noun}`;
}
