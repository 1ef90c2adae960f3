import { describe, expect, test } from "@jest/globals";
import { FieldProblem, type InputEntry, type NativeRecord } from "../../../src/providers/contract/field-map.js";
import { jsonDialect } from "../../../src/providers/mapping/json-dialect.js";
import { referenceInputs } from "../../../src/providers/mapping/reference-fields.js";

const dialect = jsonDialect("Acme CRM", { isId: (text) => /^\d+$/.test(text) });
const { reference, references, requiredOwner, companyInput } = referenceInputs(dialect);

/** The native fields, or the message and path of the problem. */
function written(entry: InputEntry, value: unknown): NativeRecord | [string, string] {
  try {
    return entry.toNative(value as never);
  } catch (error) {
    if (!(error instanceof FieldProblem)) throw error;
    return [error.path, error.message];
  }
}

const NO_ID = "Expected the id of a Acme CRM record.";

test("a reference is written as the CRM wants it, and cleared", () => {
  expect(written(reference("owner"), "7")).toEqual({ owner: "7" });
  expect(written(reference("owner", Number), "7")).toEqual({ owner: 7 });
  expect(written(reference("owner", Number), null)).toEqual({ owner: null });
  expect(written(reference("owner", Number), "x")).toEqual(["", NO_ID]);
});

test("an error for a list names the position of the wrong id", () => {
  expect(written(references("people"), ["1", "2"])).toEqual({ people: ["1", "2"] });
  expect(written(references("people"), null)).toEqual({ people: [] });
  expect(
    written(
      references("people", (ids) => ids.map(Number)),
      ["1"],
    ),
  ).toEqual({ people: [1] });
  expect(written(references("people"), ["1", "x"])).toEqual(["1", NO_ID]);
});

test("a required owner cannot be cleared", () => {
  expect(written(requiredOwner("owner", Number), "7")).toEqual({ owner: 7 });
  expect(written(requiredOwner("owner"), null)).toEqual([
    "",
    "Acme CRM needs an owner for every record. Give ownerId.",
  ]);
});

describe("a company that is a record", () => {
  const company = companyInput(reference("account", (id) => ({ id })));

  test.each([
    [{ id: "7" }, { account: { id: "7" } }],
    [{ id: "7", name: "Acme" }, { account: { id: "7" } }],
    [null, { account: null }],
    [{}, { account: null }],
    [{ id: "", name: null }, { account: null }],
  ])("%j is written by its id", (value, native) => {
    expect(written(company, value)).toEqual(native);
  });

  test("needs the id of a record", () => {
    expect(written(company, { name: "Acme" })).toEqual([
      "name",
      "Acme CRM links a contact to a company record. Give the company’s id, not its name.",
    ]);
    expect(written(company, { id: "x" })).toEqual(["id", NO_ID]);
  });
});
