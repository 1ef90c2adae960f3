/** Whether something passes a condition. */
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

/** Whether one value is to the other as the sign says: numbers by size, texts by code units. */
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
