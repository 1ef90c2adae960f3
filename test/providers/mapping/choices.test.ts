import { describe, expect, test } from "@jest/globals";
import { FieldProblem } from "../../../src/providers/contract/field-map.js";
import type { LeadRating, LeadStatus } from "../../../src/providers/contract/model.js";
import { choiceFields } from "../../../src/providers/mapping/choice-field.js";
import { meaningOf, wordsFor, writtenWord, type ChoiceTable } from "../../../src/providers/mapping/choice-table.js";
import { jsonDialect } from "../../../src/providers/mapping/json-dialect.js";

const STATUSES: ChoiceTable<LeadStatus> = { New: "NEW", "In Process": "WORKING", Assigned: "WORKING" };
const { choice, choiceInput, writableChoice } = choiceFields(jsonDialect("Acme CRM"));
const context = { origin: "https://acme.example.com", customFields: [] };

describe("a table of native words", () => {
  test.each([
    ["New", "NEW"],
    ["in process", "WORKING"],
    ["Won", undefined],
    ["constructor", undefined],
  ])("%s means %s", (word, meaning) => {
    expect(meaningOf(STATUSES, word)).toBe(meaning);
  });

  test("a filter has the words of a meaning, and for OTHER all words", () => {
    expect(wordsFor(STATUSES, "WORKING")).toEqual(["In Process", "Assigned"]);
    expect(wordsFor(STATUSES, "QUALIFIED")).toEqual([]);
    expect(wordsFor(STATUSES, "OTHER")).toEqual(["New", "In Process", "Assigned"]);
  });

  test("the first word of a meaning is written", () => {
    expect(writtenWord(STATUSES, "WORKING")).toBe("In Process");
    expect(writtenWord(STATUSES, "QUALIFIED")).toBeUndefined();
  });
});

describe("a picklist", () => {
  test.each([
    ["assigned", "WORKING"],
    ["Their own", "OTHER"],
    [null, null],
    ["", null],
  ])("%j reads as %s", (value, unified) => {
    expect(choice("status", STATUSES).read({ status: value }, context)).toBe(unified);
  });

  test("is written in unified words or in its own, and not in both", () => {
    const { toNative } = choiceInput("status", "rawStatus", "status", STATUSES);
    expect(toNative({ status: "WORKING" }, "update")).toEqual({ status: "In Process" });
    expect(toNative({ rawStatus: "Their own" }, "update")).toEqual({ status: "Their own" });
    expect(toNative({ status: null }, "update")).toEqual({ status: null });
    expect(() => toNative({ status: "NEW", rawStatus: "New" }, "update")).toThrow(
      "Give either status or rawStatus, not both.",
    );
    expect(() => toNative({ status: "QUALIFIED" }, "update")).toThrow(
      "does not have this value. Use one of: NEW, WORKING.",
    );
  });

  test("can be written as a number", () => {
    const table: ChoiceTable<LeadRating> = { 1: "HOT", 2: "WARM" };
    const { write } = writableChoice("quality", table, Number);
    expect(write!.toNative("WARM" as never)).toEqual({ quality: 2 });
    expect(write!.toNative(null as never)).toEqual({ quality: null });
    expect(() => write!.toNative("COLD" as never)).toThrow(FieldProblem);
  });
});
