import type { WireAnswer } from "../stage/recording-proxy.js";
import { half } from "./bodies.js";

type Path = readonly (string | number)[];

/** A good answer of which one member or item is broken. */
export interface Mutation {
  /** Such as `results.0.id`. */
  path: string;
  /** The same for all items of a list: `results.*.id`. */
  member: string;
  kind: string;
  body: unknown;
  answer: WireAnswer;
}

/** Marks what a broken answer holds, so that an error which shows it is found. */
export const BROKEN_TEXT = "broken-value-9f3a";

/** What stands in the place of a value of another type. */
const OTHERS: Readonly<Record<string, unknown>> = {
  text: BROKEN_TEXT,
  number: 86_420_357,
  boolean: true,
  list: [BROKEN_TEXT],
  object: { broken: BROKEN_TEXT },
};

/**
 * Breaks each member and item of an answer in every way: dropped, null, of another type, empty, cut in half. Of the items of
 * a list, only the first one that has a member of that type is broken.
 */
export function mutationsOf(answer: WireAnswer): Mutation[] {
  const body = parsed(answer);
  if (body === undefined) return [];
  const seen = new Set<string>();
  const mutations: Mutation[] = [];
  for (const { path, value } of placesIn(body, [])) {
    const member = path.map((part) => (typeof part === "number" ? "*" : part)).join(".");
    const key = `${member} ${typeOf(value)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    for (const [kind, broken] of Object.entries(brokenForms(value, path))) {
      const whole: unknown = structuredClone(body);
      replaceIn(whole, path, broken);
      mutations.push({
        path: path.join("."),
        member,
        kind,
        body: whole,
        answer: { ...answer, text: JSON.stringify(whole) },
      });
    }
  }
  return mutations;
}

/** The body of an answer; undefined if it is not JSON. */
export function parsed({ text }: WireAnswer): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function* placesIn(value: unknown, path: Path): Generator<{ path: Path; value: unknown }> {
  if (path.length > 0) yield { path, value };
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* placesIn(item, [...path, index]);
  else if (typeof value === "object" && value !== null)
    for (const [name, one] of Object.entries(value)) yield* placesIn(one, [...path, name]);
}

/** Undefined drops the member. */
function brokenForms(value: unknown, path: Path): Record<string, unknown> {
  const type = typeOf(value);
  const others = Object.entries(OTHERS).filter(([other]) => other !== type);
  return {
    ...(typeof path.at(-1) === "string" && { dropped: undefined }),
    ...(value !== null && { null: null }),
    ...Object.fromEntries(others.map(([other, one]) => [`a ${other}`, one])),
    ...(type === "text" && value !== "" && { empty: "" }),
    ...(Array.isArray(value) && value.length > 0 && { empty: [] }),
    ...(type === "object" && Object.keys(value as object).length > 0 && { empty: {} }),
    ...(typeof value === "string" && value.length > 1 && { "cut in half": half(value) }),
    ...(Array.isArray(value) && value.length > 1 && { "cut in half": value.slice(0, Math.floor(value.length / 2)) }),
  };
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  return typeof value === "string" ? "text" : typeof value;
}

function replaceIn(whole: unknown, path: Path, value: unknown): void {
  let at = whole as Record<string | number, unknown>;
  for (const part of path.slice(0, -1)) at = at[part] as Record<string | number, unknown>;
  if (value === undefined) delete at[path.at(-1)!];
  else at[path.at(-1)!] = value;
}
