import { describe, expect, test } from "@jest/globals";
import { fieldsOf, sharedValues, type ValueRecord } from "../../../src/graphql/operation/people/person-values.js";
import { isRoleMailbox } from "../../../src/graphql/operation/people/role-mailboxes.js";

const record = (source: string, changedAt: number, fields: Record<string, unknown>): ValueRecord<string> => ({
  source,
  changedAt,
  fields,
});

describe("the fields of a person", () => {
  test("have the value of the record that was changed last, and the others that disagree, newest first", () => {
    const fields = fieldsOf([
      record("old", 1, { title: "Engineer", firstName: "Ada", doNotContact: false }),
      record("newest", 3, { title: "CTO", firstName: " ADA ", doNotContact: true }),
      record("middle", 2, { title: "Head of  Engineering", firstName: "Ada" }),
      record("older", 0, { title: "engineer", firstName: "Augusta" }),
    ]);
    expect(fields).toEqual([
      { name: "firstName", value: " ADA ", source: "newest", conflicts: [{ value: "Augusta", source: "older" }] },
      {
        name: "title",
        value: "CTO",
        source: "newest",
        conflicts: [
          { value: "Head of  Engineering", source: "middle" },
          { value: "Engineer", source: "old" },
        ],
      },
      { name: "doNotContact", value: true, source: "newest", conflicts: [{ value: false, source: "old" }] },
    ]);
  });

  test("leave out empty values, and an address that stands for a name", () => {
    expect(
      fieldsOf([
        record("a", 2, { fullName: "ada@example.com", title: " ", department: null, company: { id: "1", name: null } }),
        record("b", 1, { fullName: "Ada Lovelace", company: { id: null, name: "Analytical" } }),
      ]).map(({ name, value, source }) => [name, value, source]),
    ).toEqual([
      ["fullName", "Ada Lovelace", "b"],
      ["company", "Analytical", "b"],
    ]);
  });

  test("take the company, the source and the latest activity of leads, too", () => {
    expect(
      fieldsOf([
        record("lead", 1, { companyName: "Analytical", source: "Web", lastActivityAt: "2026-03-01T00:00:00.000Z" }),
        record("contact", 2, { lastActivityAt: "2026-02-01T00:00:00.000Z" }),
      ]),
    ).toEqual([
      { name: "company", value: "Analytical", source: "lead", conflicts: [] },
      { name: "leadSource", value: "Web", source: "lead", conflicts: [] },
      { name: "lastActivityAt", value: "2026-03-01T00:00:00.000Z", source: "lead", conflicts: [] },
    ]);
  });
});

test("equal values of several records have all of them as sources", () => {
  const records = [record("a", 1, { names: ["X", "Y", "x"] }), record("b", 2, { names: ["y"] }), record("c", 3, {})];
  const namesOf = ({ names }: Readonly<Record<string, unknown>>) => (names ?? []) as string[];
  expect(sharedValues(records, namesOf, (name) => name.toLowerCase())).toEqual([
    { value: "X", sources: ["a"] },
    { value: "Y", sources: ["a", "b"] },
  ]);
});

test("mailboxes of functions are told from those of persons", () => {
  const roles = "info sales no-reply customer.service sales+berlin data_protection accounts-payable kontakt";
  for (const name of roles.split(" ")) expect([name, isRoleMailbox(`${name}@example.com`)]).toEqual([name, true]);
  const persons = "ada a.lovelace infante salesman mark.support-er ada+info team.lead";
  for (const name of persons.split(" ")) expect([name, isRoleMailbox(`${name}@example.com`)]).toEqual([name, false]);
});
