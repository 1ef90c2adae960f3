import { describe, expect, test } from "@jest/globals";
import { fieldKit } from "../../../src/providers/mapping/field-kit.js";
import { jsonDialect } from "../../../src/providers/mapping/json-dialect.js";
import { stampFilters, wholeSecond } from "../../../src/providers/mapping/stamp-filters.js";

const kit = fieldKit(jsonDialect("Acme CRM"));
const context = { origin: "https://acme.example.com", customFields: [] };

test("the times of creation and of the last change", () => {
  const { createdAt, updatedAt } = kit.stamps("made", "changed");
  const record = { made: "2026-06-10T09:00:00+02:00", changed: null };
  expect([createdAt.read(record, context), updatedAt.read(record, context)]).toEqual([
    "2026-06-10T07:00:00.000Z",
    null,
  ]);
});

test("filters by these times take the fields and bounds that they are named for", () => {
  const since = (field: string, at: Date) => `${field} >= ${at.toISOString()}`;
  const until = (field: string, at: Date) => `${field} < ${at.toISOString()}`;
  const filters = stampFilters("made", "changed", since, until);
  const at = new Date("2026-06-10T09:00:00.000Z");
  expect(Object.entries(filters).map(([name, condition]) => [name, condition(at)])).toEqual([
    ["createdSince", "made >= 2026-06-10T09:00:00.000Z"],
    ["createdUntil", "made < 2026-06-10T09:00:00.000Z"],
    ["updatedSince", "changed >= 2026-06-10T09:00:00.000Z"],
    ["updatedUntil", "changed < 2026-06-10T09:00:00.000Z"],
  ]);
});

test.each([
  ["2026-06-10T09:00:00.000Z", "2026-06-10T09:00:00.000Z"],
  ["2026-06-10T09:00:00.001Z", "2026-06-10T09:00:01.000Z"],
  ["2026-06-10T09:00:59.999Z", "2026-06-10T09:01:00.000Z"],
])("the bound %s is %s in whole seconds", (bound, whole) => {
  expect(wholeSecond(new Date(bound)).toISOString()).toBe(whole);
});

test("the page of a record is built from its id and the origin", () => {
  const url = kit.url("id", (id, origin) => (id === "0" ? null : `${origin}/records/${id}`));
  expect(url.read({ id: 7 }, context)).toBe("https://acme.example.com/records/7");
  expect(url.read({ id: 0 }, context)).toBeNull();
});

test("a name is the first field that has a text", () => {
  const name = kit.firstText("name", "email");
  expect(name.reads).toEqual(["name", "email"]);
  expect(name.read({ name: "Ann", email: "ann@example.com" }, context)).toBe("Ann");
  expect(name.read({ name: "", email: "ann@example.com" }, context)).toBe("ann@example.com");
  expect(name.read({}, context)).toBe("");
});

describe("flags", () => {
  test("an absent flag is not set", () => {
    expect([true, false, null, undefined].map((on) => kit.flag("on").read({ on }, context))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  test("clearing a checkbox unsets it", () => {
    const { write } = kit.checkbox("on");
    expect([true, false, null].map((on) => write!.toNative(on as never))).toEqual([
      { on: true },
      { on: false },
      { on: false },
    ]);
  });
});

describe("a field for each kind of phone number", () => {
  const phones = kit.phones({ Phone: "WORK", Mobile: "MOBILE", Other: "OTHER", Assistant: "OTHER" });
  const record = { Phone: null, Mobile: "2", Other: "3", Assistant: "4" };

  test("the native name tells fields of one type apart", () => {
    expect(phones.read(record, context)).toEqual([
      { number: "2", type: "MOBILE", rawType: null, isPrimary: true },
      { number: "3", type: "OTHER", rawType: null, isPrimary: false },
      { number: "4", type: "OTHER", rawType: "Assistant", isPrimary: false },
    ]);
  });

  test("typed numbers go first, and the others take the free fields", () => {
    const numbers = [{ number: "1" }, { number: "2", type: "MOBILE" }, { number: "3", type: "OTHER" }, { number: "4" }];
    expect(phones.write!.toNative(numbers as never)).toEqual({ Phone: "1", Mobile: "2", Other: "3", Assistant: "4" });
    expect(() => phones.write!.toNative([{ number: "1", type: "FAX" }] as never)).toThrow("stores no FAX number here");
  });
});

describe("e-mail addresses without types", () => {
  const one = [{ address: " ann@example.com " }];
  const two = [...one, { address: "bob@example.com" }];

  test("a CRM can store one", () => {
    const emails = kit.singleEmail("email");
    expect(emails.write!.toNative(one as never)).toEqual({ email: "ann@example.com" });
    expect(emails.write!.toNative(null as never)).toEqual({ email: null });
    expect(() => emails.write!.toNative(two as never)).toThrow(
      "Acme CRM stores at most one e-mail address here. Remove the others.",
    );
    expect(emails.read({ email: "ann@example.com" }, context)).toEqual([
      { address: "ann@example.com", type: null, rawType: null, isPrimary: true },
    ]);
  });

  test("or a few, each in a field of its own", () => {
    const emails = kit.emailSlots(["first", "second"]);
    expect(emails.write!.toNative(one as never)).toEqual({ first: "ann@example.com", second: null });
    expect(() => emails.write!.toNative([...two, ...one] as never)).toThrow("stores at most 2 e-mail addresses here.");
    expect(() => emails.write!.toNative([{ address: "a@b.c", type: "WORK" }] as never)).toThrow("no type");
  });
});
