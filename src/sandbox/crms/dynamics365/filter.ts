import { allOf, anyOf, holds, not, type Comparison, type Test } from "../../kit/conditions.js";
import { readJson } from "../../kit/json.js";
import { ANY_CHARACTER, ANY_TEXT, matchesLike, type LikePart } from "../../kit/like.js";
import { compareValues } from "../../kit/order.js";
import { TokenReader } from "../../kit/token-reader.js";
import { badQuery } from "./errors.js";
import type { Entity } from "./entities.js";
import type { Org, Row } from "./org.js";
import { attributeOf, propertyOf, type Property } from "./paths.js";

export type Condition = Test<Row>;

type Scalar = string | number | boolean | null;

const COMPARISONS: Readonly<Record<string, Comparison>> = { eq: "=", ne: "!=", gt: ">", ge: ">=", lt: "<", le: "<=" };

/**
 * Reads a `$filter`. The case of texts does not matter. In `contains` and similar functions, texts are patterns.
 * Source: learn.microsoft.com, "Filter rows using OData" and "Use wildcard characters in conditions for string values".
 * @param aliases `@name` → its JSON or literal
 * @throws DataverseError for an invalid filter
 */
export function readFilter(
  text: string,
  entity: Entity,
  { org, aliases }: { org: Org; aliases: ReadonlyMap<string, string> },
): Condition {
  return new Parser(text, entity, org, aliases).whole();
}

class Parser {
  readonly #tokens: TokenReader<Token>;

  constructor(
    text: string,
    private readonly entity: Entity,
    private readonly org: Org,
    private readonly aliases: ReadonlyMap<string, string>,
  ) {
    this.#tokens = new TokenReader(tokensOf(text), {
      isWord: (token, word) => (token.kind === "WORD" || token.kind === "SIGN") && token.text === word,
      unexpected: (token) => badQuery(token ? `Syntax error at '${token.text}'.` : "The filter ends too early."),
    });
  }

  whole(): Condition {
    const condition = this.#or();
    this.#tokens.end();
    return condition;
  }

  #or(): Condition {
    const parts = [this.#and()];
    while (this.#tokens.takes("or")) parts.push(this.#and());
    return anyOf(parts);
  }

  #and(): Condition {
    const parts = [this.#not()];
    while (this.#tokens.takes("and")) parts.push(this.#not());
    return allOf(parts);
  }

  #not(): Condition {
    if (this.#tokens.takes("not")) return not(this.#not());
    if (!this.#tokens.takes("(")) return this.#comparison();
    const inner = this.#or();
    this.#tokens.expect(")");
    return inner;
  }

  #comparison(): Condition {
    const name = this.#tokens.next("WORD").text;
    if (name === "contains" || name === "startswith" || name === "endswith") return this.#textFunction(name);
    if (name === "Microsoft.Dynamics.CRM.In") return this.#in();
    const property = this.#property(name);
    const operator = this.#tokens.next("WORD").text;
    const comparison = COMPARISONS[operator];
    if (!comparison) throw badQuery(`There is no operator ${operator}.`);
    const value = this.#literal();
    return (row) => {
      const own = property(row);
      if (own === null || value === null) return (own === value) === (operator === "eq") && /^(eq|ne)$/.test(operator);
      return holds(orderOf(own, value), comparison, 0);
    };
  }

  #textFunction(name: string): Condition {
    this.#tokens.expect("(");
    const property = this.#property(this.#tokens.next("WORD").text);
    this.#tokens.expect(",");
    const text = this.#literal();
    this.#tokens.expect(")");
    if (typeof text !== "string") throw badQuery(`${name} takes a text.`);
    const anyText: readonly LikePart[] = [ANY_TEXT];
    const before = name === "startswith" ? [] : anyText;
    const after = name === "endswith" ? [] : anyText;
    const pattern = [...before, ...likePattern(fold(text)), ...after];
    return (row) => {
      const own = property(row);
      return own !== null && matchesLike(fold(String(own)), pattern);
    };
  }

  /** Reads `In(…)`, which names the column itself, even if it is a lookup. */
  #in(): Condition {
    this.#tokens.expect("(");
    const parameters = new Map<string, string>();
    do {
      const name = this.#tokens.next("WORD").text;
      this.#tokens.expect("=");
      const token = this.#tokens.next();
      const given = token.kind === "WORD" && token.text.startsWith("@") ? this.aliases.get(token.text) : token.text;
      if (given === undefined) throw badQuery(`The alias ${token.text} has no value.`);
      parameters.set(name, given);
    } while (this.#tokens.takes(","));
    this.#tokens.expect(")");
    const name = (parameters.get("PropertyName") ?? "").replace(/^'(.*)'$/, "$1");
    const property = attributeOf(this.entity, name);
    let values: unknown;
    try {
      values = readJson(parameters.get("PropertyValues") ?? "");
    } catch {
      throw badQuery("Invalid JSON. A comma character ',' was expected in scope 'Array'.");
    }
    if (!Array.isArray(values)) throw badQuery("PropertyValues is not a list.");
    const wanted = new Set(values.map((value) => String(value).toLowerCase()));
    return (row) => wanted.has(String(property(row)).toLowerCase());
  }

  #property(name: string): Property {
    return propertyOf(this.org, this.entity, name.split("/"));
  }

  #literal(): Scalar {
    const { kind, text } = this.#tokens.next();
    if (kind === "TEXT") return text.slice(1, -1).replaceAll("''", "'");
    if (text === "null") return null;
    if (text === "true" || text === "false") return text === "true";
    if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
    if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(text)) return text.toLowerCase();
    const time = /^\d{4}-\d\d-\d\d(T\S+)?$/.test(text) ? Date.parse(text) : NaN;
    if (Number.isNaN(time)) throw badQuery(`'${text}' is not a value.`);
    return new Date(time).toISOString();
  }
}

/** Compares two values: texts without regard to case, and date-times by their instant. */
export function orderOf(one: Exclude<Scalar, null>, other: Exclude<Scalar, null>): number {
  if (typeof one === "string" && typeof other === "string") {
    return isMoment(one) && isMoment(other)
      ? compareValues(Date.parse(one), Date.parse(other))
      : compareValues(fold(one), fold(other));
  }
  return Number(one) - Number(other);
}

function isMoment(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text);
}

function fold(text: string): string {
  return text.toLowerCase();
}

/** Reads a pattern of T-SQL's LIKE: `%`, `_`, `[set]` and `[^set]`. A character in brackets is itself. */
function likePattern(pattern: string): LikePart[] {
  return Array.from(pattern.matchAll(/\[(\^?)([^][^\]]*)\]|[^]/gu), ([whole, negation, set]): LikePart => {
    if (whole === "%") return ANY_TEXT;
    if (whole === "_") return ANY_CHARACTER;
    if (set === undefined) return whole;
    const within = characterSet(set);
    return negation === "^" ? (char) => !within(char) : within;
  });
}

/** Reads a set of characters. `a-f` in a set is a range. */
function characterSet(set: string): (char: string) => boolean {
  const ranges = Array.from(set.matchAll(/([^])-([^])|([^])/gu), ([, from, to, one]) => [from ?? one!, to ?? one!]);
  return (char) => ranges.some(([from, to]) => char >= from! && char <= to!);
}

/** A part of a `$filter`: a quoted text with its quotes, a JSON list, a sign, or anything else. */
interface Token {
  kind: "TEXT" | "LIST" | "SIGN" | "WORD";
  text: string;
}

const TOKEN = /\s*(?:('(?:[^']|'')*')|(\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\])|([(),=])|([^\s(),='[]+))/y;

/** @throws DataverseError for an unterminated text */
function tokensOf(filter: string): Token[] {
  const tokens: Token[] = [];
  const text = filter.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const [, quoted, list, sign, word] = TOKEN.exec(text) ?? [];
    if (quoted !== undefined) tokens.push({ kind: "TEXT", text: quoted });
    else if (list !== undefined) tokens.push({ kind: "LIST", text: list });
    else if (sign !== undefined) tokens.push({ kind: "SIGN", text: sign });
    else if (word !== undefined) tokens.push({ kind: "WORD", text: word });
    else throw badQuery(`There is an unterminated literal at position ${at} in '${text}'.`);
  }
  return tokens;
}
