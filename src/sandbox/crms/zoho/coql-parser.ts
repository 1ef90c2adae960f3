import { ZohoError } from "./errors.js";

export type Comparator =
  "=" | "!=" | ">" | ">=" | "<" | "<=" | "like" | "not like" | "in" | "not in" | "between" | "is null" | "is not null";

export type Expression =
  | { kind: "and" | "or"; parts: readonly Expression[] }
  | { kind: "criterion"; field: string; comparator: Comparator; values: readonly string[] };

export interface Query {
  columns: readonly string[];
  module: string;
  where: Expression;
  order: readonly { field: string; descending: boolean }[];
  limit: number;
  offset: number;
}

interface Token {
  kind: "word" | "text" | "sign";
  text: string;
}

/** A quote within quotes is written twice. Source: help.zoho.com, "Kaizen #171: FAQs on COQL API". */
const TOKENS = /\s*(?:'((?:[^']|'')*)'|"((?:[^"]|"")*)"|(<=|>=|!=|[=<>(),])|([^\s'"=<>!(),]+))/gy;

export function syntaxError(near: string): ZohoError {
  return new ZohoError(400, "SYNTAX_ERROR", "error occurred while parsing the query", { near });
}

/**
 * Reads `select … from … where … order by … limit … offset …`.
 * Source: zoho.com/crm/developer/docs/api/v8, "Query API - An Overview".
 */
export function parseQuery(text: string): Query {
  return new Parser(tokensOf(text)).query();
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKENS.lastIndex = 0;
  while (TOKENS.lastIndex < text.trimEnd().length) {
    const start = TOKENS.lastIndex;
    const match = TOKENS.exec(text);
    if (!match) throw syntaxError(text.slice(start, start + 20));
    const [, single, double, sign, word] = match;
    if (single !== undefined) tokens.push({ kind: "text", text: single.replaceAll("''", "'") });
    else if (double !== undefined) tokens.push({ kind: "text", text: double.replaceAll('""', '"') });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
    else tokens.push({ kind: "word", text: word! });
  }
  return tokens;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  query(): Query {
    this.#expect("select");
    const columns = this.#list();
    this.#expect("from");
    const module = this.#next().text;
    this.#expect("where");
    const where = this.#expression();
    const order: { field: string; descending: boolean }[] = [];
    if (this.#takes("order")) {
      this.#expect("by");
      do {
        const field = this.#next().text;
        const descending = this.#takes("desc");
        if (!descending) this.#takes("asc");
        order.push({ field, descending });
      } while (this.#takes(","));
    }
    const { limit, offset } = this.#window();
    if (this.#at < this.#tokens.length) throw syntaxError(this.#next().text);
    return { columns, module, where, order, limit, offset };
  }

  /** `limit n`, `limit offset, n` or `limit n offset m`. */
  #window(): { limit: number; offset: number } {
    if (!this.#takes("limit")) return { limit: 200, offset: 0 };
    const first = this.#number();
    if (this.#takes(",")) return { offset: first, limit: this.#number() };
    return { limit: first, offset: this.#takes("offset") ? this.#number() : 0 };
  }

  /** More than two criteria must be grouped in pairs. */
  #expression(): Expression {
    const first = this.#primary();
    const kind = this.#takes("and") ? "and" : this.#takes("or") ? "or" : null;
    if (kind === null) return first;
    const second = this.#primary();
    if (this.#peek("and") || this.#peek("or")) throw syntaxError(this.#next().text);
    return { kind, parts: [first, second] };
  }

  #primary(): Expression {
    if (!this.#takes("(")) return this.#criterion();
    const inner = this.#expression();
    this.#expect(")");
    return inner;
  }

  #criterion(): Expression {
    const field = this.#next().text;
    const criterion = (comparator: Comparator, values: readonly string[]): Expression => ({
      kind: "criterion",
      field,
      comparator,
      values,
    });
    if (this.#takes("is")) {
      const negated = this.#takes("not");
      this.#expect("null");
      return criterion(negated ? "is not null" : "is null", []);
    }
    const negated = this.#takes("not");
    if (this.#takes("in")) {
      this.#expect("(");
      const values = this.#list();
      this.#expect(")");
      return criterion(negated ? "not in" : "in", values);
    }
    if (this.#takes("like")) return criterion(negated ? "not like" : "like", [this.#next().text]);
    if (negated) throw syntaxError("not");
    if (this.#takes("between")) {
      const low = this.#next().text;
      this.#expect("and");
      return criterion("between", [low, this.#next().text]);
    }
    const sign = this.#next();
    if (sign.kind !== "sign" || !/^(<=|>=|!=|[=<>])$/.test(sign.text)) throw syntaxError(sign.text);
    return criterion(sign.text as Comparator, [this.#next().text]);
  }

  #list(): string[] {
    const items = [this.#next().text];
    while (this.#takes(",")) items.push(this.#next().text);
    return items;
  }

  #number(): number {
    const { text } = this.#next();
    if (!/^\d+$/.test(text)) throw syntaxError(text);
    return Number(text);
  }

  #next(): Token {
    const token = this.#tokens[this.#at];
    if (!token) throw syntaxError("end of the query");
    this.#at += 1;
    return token;
  }

  #peek(word: string): boolean {
    const token = this.#tokens[this.#at];
    return token !== undefined && token.kind !== "text" && token.text.toLowerCase() === word;
  }

  #takes(word: string): boolean {
    const found = this.#peek(word);
    if (found) this.#at += 1;
    return found;
  }

  #expect(word: string): void {
    if (!this.#takes(word)) throw syntaxError(this.#tokens[this.#at]?.text ?? "end of the query");
  }
}
