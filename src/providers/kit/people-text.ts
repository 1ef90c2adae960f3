import { htmlToText } from "../mapping/html-text.js";

/** The most characters of a text that is passed on. */
const TEXT_MAX = 300;

/** What no administrator writes for people: tracebacks, dictionaries, and words of a database or a program. */
const NOT_FOR_PEOPLE =
  /Traceback \(most recent call last\)|\bat [\w.$]+\([^)]*:\d+\)|\b(select|insert into|update|delete from)\b.+\b(from|values|set|where)\b|violates|psycopg2|SQLSTATE|System\.\w+Exception|Exception: |[{[]['"]\w+['"]\s*:/i;

/**
 * A text that an administrator of the CRM wrote for the people who use it, such as that of a validation rule: without
 * markup, on one line, and cut after 300 characters. Undefined if there is no such text.
 */
export function peopleText(text: unknown): string | undefined {
  if (typeof text !== "string" || NOT_FOR_PEOPLE.test(text)) return undefined;
  const plain = (htmlToText(text) ?? "").replace(/\s+/g, " ").trim();
  if (plain === "") return undefined;
  return plain.length > TEXT_MAX ? `${plain.slice(0, TEXT_MAX - 1)}…` : plain;
}
