import { expect, test } from "@jest/globals";
import { Random } from "../../bench/hostile/random.js";
import { pairFigures, population } from "../../bench/identity/population.js";

test("precision and recall count pairs of records", () => {
  const personOf = new Map([
    ["a1", 1],
    ["a2", 1],
    ["a3", 1],
    ["b1", 2],
    ["b2", 2],
    ["c1", 3],
  ]);
  // Of the four real pairs, two are found, with two wrong ones. Records of others do not count.
  const figures = pairFigures([["a1", "a2", "stranger"], ["a3"], ["b1", "b2", "c1"]], personOf);
  expect(figures).toEqual({ found: 4, real: 4, precision: 0.5, recall: 0.5 });
  expect(pairFigures([["a1"], ["a2"]], personOf)).toMatchObject({ precision: 1, recall: 0 });
});

test("a population has the difficulties of real address books, and is the same for a seed", () => {
  const slugs = ["one", "two", "three", "four", "five", "six"];
  const make = () => population(new Random("test"), { people: 600, slugs });
  const records = make();
  expect(make()).toEqual(records);
  const byPerson = [...Map.groupBy(records, ({ person }) => person).values()];
  expect(byPerson.some((own) => new Set(own.map(({ firstName }) => firstName)).size > 1)).toBe(true);
  expect(byPerson.some((own) => new Set(own.flatMap(({ emails }) => emails)).size > 3)).toBe(true);
  const people = new Map<string, Set<number>>();
  for (const { person, emails, phone } of records)
    for (const value of [...emails.map((email) => email.toLowerCase()), phone])
      people.set(value, (people.get(value) ?? new Set()).add(person));
  const shared = [...people].filter(([, own]) => own.size > 1).map(([value]) => value);
  for (const pattern of [/^info@/, /^family\./, /^\+1 617/, /^lobby\.tablet@/])
    expect(shared.some((value) => pattern.test(value))).toBe(true);
});
