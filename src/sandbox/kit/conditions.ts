/** A function that returns whether the subject matches a condition. */
export type Test<Subject> = (subject: Subject) => boolean;

export function allOf<Subject>(tests: readonly Test<Subject>[]): Test<Subject> {
  return tests.length === 1 ? tests[0]! : (subject) => tests.every((test) => test(subject));
}

export function anyOf<Subject>(tests: readonly Test<Subject>[]): Test<Subject> {
  return tests.length === 1 ? tests[0]! : (subject) => tests.some((test) => test(subject));
}

export function not<Subject>(test: Test<Subject>): Test<Subject> {
  return (subject) => !test(subject);
}

export type Comparison = "=" | "!=" | "<" | "<=" | ">" | ">=";

/** Compares two values: numbers by size, texts by code units. */
export function holds(
  one: string | number | boolean,
  comparison: Comparison,
  other: string | number | boolean,
): boolean {
  switch (comparison) {
    case "=":
      return one === other;
    case "!=":
      return one !== other;
    case "<":
      return one < other;
    case "<=":
      return one <= other;
    case ">":
      return one > other;
    case ">=":
      return one >= other;
  }
}
