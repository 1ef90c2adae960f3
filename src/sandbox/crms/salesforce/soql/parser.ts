import { TokenReader } from "../../../kit/token-reader.js";
import { malformedQuery } from "./errors.js";
import { tokenize, type Literal, type Token } from "./tokens.js";

/** A column's name, `Owner.Name` as two parts, and its position in the query. */
export interface ColumnName {
  parts: string[];
  at: number;
}

export type ComparisonOperator = "=" | "!=" | "<" | "<=" | ">" | ">=" | "LIKE";

export type Condition =
  | { kind: "and" | "or"; terms: Condition[] }
  | { kind: "not"; term: Condition }
  | { kind: "compare"; column: ColumnName; operator: ComparisonOperator; value: Literal }
  | { kind: "in"; column: ColumnName; negated: boolean; values: Literal[] };

export interface OrderTerm {
  column: ColumnName;
  descending: boolean;
  nullsLast: boolean;
}

export type SelectedColumn = { kind: "column"; column: ColumnName } | { kind: "children"; query: SelectQuery };

export interface SelectQuery {
  /** Empty for `COUNT()`. */
  columns: SelectedColumn[];
  from: { name: string; at: number };
  where: Condition | null;
  orderBy: OrderTerm[];
  limit: number | null;
  offset: number;
}

/** Maximum depth of a query's nesting: more than a useful query needs, and small enough for the stack. */
const MAX_DEPTH = 100;

const OPERATORS: readonly ComparisonOperator[] = ["=", "!=", "<", "<=", ">", ">="];

export function parseSoql(soql: string): SelectQuery {
  const parser = new Parser(soql);
  const query = parser.select();
  parser.end();
  return query;
}

class Parser {
  readonly #soql: string;
  readonly #tokens: TokenReader<Token>;
  #depth = 0;

  constructor(soql: string) {
    this.#soql = soql;
    this.#tokens = new TokenReader(tokenize(soql), {
      isWord: ({ kind, text }, word) => kind !== "literal" && text.toUpperCase() === word,
      unexpected: (token) =>
        token
          ? malformedQuery(soql, token.at, `unexpected token: '${token.text}'`)
          : malformedQuery(soql, soql.length, "unexpected end of the query"),
    });
  }

  select(): SelectQuery {
    return this.#nested(() => {
      this.#tokens.expect("SELECT");
      const columns = this.#columns();
      this.#tokens.expect("FROM");
      const from = this.#tokens.next("name");
      const where = this.#tokens.takes("WHERE") ? this.condition() : null;
      const orderBy = this.#orderBy();
      const limit = this.#tokens.takes("LIMIT") ? this.#count() : null;
      const offset = this.#tokens.takes("OFFSET") ? this.#count() : 0;
      return { columns, from: { name: from.text, at: from.at }, where, orderBy, limit, offset };
    });
  }

  end(): void {
    this.#tokens.end();
  }

  condition(): Condition {
    return this.#nested(() => {
      const first = this.#term();
      const joint = this.#tokens.sees("AND") ? "AND" : this.#tokens.sees("OR") ? "OR" : null;
      if (joint === null) return first;
      const terms = [first];
      while (this.#tokens.takes(joint)) terms.push(this.#term());
      // SOQL has no precedence of AND over OR, so a mix of both needs parentheses.
      if (this.#tokens.sees("AND") || this.#tokens.sees("OR")) throw this.#tokens.unexpected();
      return { kind: joint === "AND" ? "and" : "or", terms };
    });
  }

  #columns(): SelectedColumn[] {
    if (this.#tokens.sees("COUNT") && this.#tokens.sees("(", 1)) {
      for (const word of ["COUNT", "(", ")"]) this.#tokens.expect(word);
      return [];
    }
    const columns: SelectedColumn[] = [];
    do {
      if (this.#tokens.takes("(")) {
        columns.push({ kind: "children", query: this.select() });
        this.#tokens.expect(")");
      } else {
        columns.push({ kind: "column", column: this.#column() });
      }
    } while (this.#tokens.takes(","));
    return columns;
  }

  #term(): Condition {
    return this.#nested(() => {
      if (this.#tokens.takes("NOT")) return { kind: "not", term: this.#term() };
      if (this.#tokens.takes("(")) {
        const inner = this.condition();
        this.#tokens.expect(")");
        return inner;
      }
      return this.#comparison();
    });
  }

  #comparison(): Condition {
    const column = this.#column();
    if (this.#tokens.takes("LIKE")) return { kind: "compare", column, operator: "LIKE", value: this.#literal() };
    if (this.#tokens.takes("IN")) return this.#inList(column, false);
    if (this.#tokens.takes("NOT")) {
      this.#tokens.expect("IN");
      return this.#inList(column, true);
    }
    const operator = OPERATORS.find((sign) => this.#tokens.takes(sign));
    if (operator === undefined) throw this.#tokens.unexpected();
    return { kind: "compare", column, operator, value: this.#literal() };
  }

  #inList(column: ColumnName, negated: boolean): Condition {
    this.#tokens.expect("(");
    const values = [this.#literal()];
    while (this.#tokens.takes(",")) values.push(this.#literal());
    this.#tokens.expect(")");
    return { kind: "in", column, negated, values };
  }

  #orderBy(): OrderTerm[] {
    if (!this.#tokens.takes("ORDER")) return [];
    this.#tokens.expect("BY");
    const terms: OrderTerm[] = [];
    do {
      const column = this.#column();
      const descending = this.#tokens.takes("DESC") || (this.#tokens.takes("ASC"), false);
      const nullsLast =
        this.#tokens.takes("NULLS") && (this.#tokens.takes("LAST") || (this.#tokens.expect("FIRST"), false));
      terms.push({ column, descending, nullsLast });
    } while (this.#tokens.takes(","));
    return terms;
  }

  #count(): number {
    const token = this.#tokens.next();
    const value = token.kind === "literal" && token.literal.kind === "number" ? token.literal.value : -1;
    if (!Number.isSafeInteger(value) || value < 0) throw this.#tokens.unexpected(token);
    return value;
  }

  #literal(): Literal {
    const token = this.#tokens.next();
    if (token.kind === "literal") return token.literal;
    const word = token.kind === "name" ? token.text.toLowerCase() : "";
    if (word === "null") return { kind: "null", at: token.at };
    if (word === "true" || word === "false") return { kind: "boolean", value: word === "true", at: token.at };
    throw this.#tokens.unexpected(token);
  }

  #column(): ColumnName {
    const { text, at } = this.#tokens.next("name");
    return { parts: text.split("."), at };
  }

  #nested<Result>(work: () => Result): Result {
    if (++this.#depth > MAX_DEPTH)
      throw malformedQuery(this.#soql, this.#tokens.peek()?.at ?? this.#soql.length, "the query is nested too deeply");
    const result = work();
    this.#depth--;
    return result;
  }
}
