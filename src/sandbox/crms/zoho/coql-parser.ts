import { TokenReader } from "../../kit/token-reader.js";
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

/** A quote within quotes is doubled. Source: help.zoho.com, "Kaizen #171: FAQs on COQL API". */
const TOKENS = /\s*(?:'((?:[^']|'')*)'|"((?:[^"]|"")*)"|(<=|>=|!=|[=<>(),])|([^\s'"=<>!(),]+))/gy;

function syntaxError(near: string): ZohoError {
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
  readonly #tokens: TokenReader<Token>;

  constructor(tokens: readonly Token[]) {
    this.#tokens = new TokenReader(tokens, {
      isWord: ({ kind, text }, word) => kind !== "text" && text.toLowerCase() === word,
      unexpected: (token) => syntaxError(token?.text ?? "end of the query"),
    });
  }

  query(): Query {
    this.#tokens.expect("select");
    const columns = this.#list();
    this.#tokens.expect("from");
    const module = this.#tokens.next().text;
    this.#tokens.expect("where");
    const where = this.#expression();
    const order: { field: string; descending: boolean }[] = [];
    if (this.#tokens.takes("order")) {
      this.#tokens.expect("by");
      do {
        const field = this.#tokens.next().text;
        const descending = this.#tokens.takes("desc");
        if (!descending) this.#tokens.takes("asc");
        order.push({ field, descending });
      } while (this.#tokens.takes(","));
    }
    const { limit, offset } = this.#window();
    this.#tokens.end();
    return { columns, module, where, order, limit, offset };
  }

  /** Reads `limit n`, `limit offset, n` or `limit n offset m`. */
  #window(): { limit: number; offset: number } {
    if (!this.#tokens.takes("limit")) return { limit: 200, offset: 0 };
    const first = this.#number();
    if (this.#tokens.takes(",")) return { offset: first, limit: this.#number() };
    return { limit: first, offset: this.#tokens.takes("offset") ? this.#number() : 0 };
  }

  /** More than two criteria must be grouped in pairs. */
  #expression(): Expression {
    const first = this.#primary();
    const kind = this.#tokens.takes("and") ? "and" : this.#tokens.takes("or") ? "or" : null;
    if (kind === null) return first;
    const second = this.#primary();
    if (this.#tokens.sees("and") || this.#tokens.sees("or")) throw this.#tokens.unexpected();
    return { kind, parts: [first, second] };
  }

  #primary(): Expression {
    if (!this.#tokens.takes("(")) return this.#criterion();
    const inner = this.#expression();
    this.#tokens.expect(")");
    return inner;
  }

  #criterion(): Expression {
    const field = this.#tokens.next().text;
    const criterion = (comparator: Comparator, values: readonly string[]): Expression => ({
      kind: "criterion",
      field,
      comparator,
      values,
    });
    if (this.#tokens.takes("is")) {
      const negated = this.#tokens.takes("not");
      this.#tokens.expect("null");
      return criterion(negated ? "is not null" : "is null", []);
    }
    const negated = this.#tokens.takes("not");
    if (this.#tokens.takes("in")) {
      this.#tokens.expect("(");
      const values = this.#list();
      this.#tokens.expect(")");
      return criterion(negated ? "not in" : "in", values);
    }
    if (this.#tokens.takes("like")) return criterion(negated ? "not like" : "like", [this.#tokens.next().text]);
    if (negated) throw syntaxError("not");
    if (this.#tokens.takes("between")) {
      const low = this.#tokens.next().text;
      this.#tokens.expect("and");
      return criterion("between", [low, this.#tokens.next().text]);
    }
    const sign = this.#tokens.next();
    if (sign.kind !== "sign" || !/^(<=|>=|!=|[=<>])$/.test(sign.text)) throw syntaxError(sign.text);
    return criterion(sign.text as Comparator, [this.#tokens.next().text]);
  }

  #list(): string[] {
    const items = [this.#tokens.next().text];
    while (this.#tokens.takes(",")) items.push(this.#tokens.next().text);
    return items;
  }

  #number(): number {
    const { text } = this.#tokens.next();
    if (!/^\d+$/.test(text)) throw syntaxError(text);
    return Number(text);
  }
}
