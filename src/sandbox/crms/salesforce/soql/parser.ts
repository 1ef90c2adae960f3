import type {
  ColumnName,
  ComparisonOperator,
  Condition,
  Literal,
  OrderTerm,
  SelectQuery,
  SelectedColumn,
} from "./ast.js";
import { malformedQuery } from "./errors.js";
import { tokenize, type Token } from "./tokens.js";

/** Deeper than any honest query, shallow enough for the stack. */
const MAX_DEPTH = 100;

const OPERATORS: readonly string[] = ["=", "!=", "<", "<=", ">", ">="];

export function parseSoql(soql: string): SelectQuery {
  const parser = new Parser(soql);
  const query = parser.select();
  parser.end();
  return query;
}

class Parser {
  readonly #soql: string;
  readonly #tokens: Token[];
  #next = 0;
  #depth = 0;

  constructor(soql: string) {
    this.#soql = soql;
    this.#tokens = tokenize(soql);
  }

  select(): SelectQuery {
    return this.#nested(() => {
      this.#expectWord("SELECT");
      const columns = this.#columns();
      this.#expectWord("FROM");
      const from = this.#name();
      const where = this.#word("WHERE") ? this.condition() : null;
      const orderBy = this.#orderBy();
      const limit = this.#word("LIMIT") ? this.#count() : null;
      const offset = this.#word("OFFSET") ? this.#count() : 0;
      return { columns, from: { name: from.text, at: from.at }, where, orderBy, limit, offset };
    });
  }

  end(): void {
    if (this.#peek().kind !== "end") throw this.#unexpected();
  }

  condition(): Condition {
    return this.#nested(() => {
      const first = this.#term();
      const joint = this.#isWord("AND") ? "AND" : this.#isWord("OR") ? "OR" : null;
      if (joint === null) return first;
      const terms = [first];
      while (this.#word(joint)) terms.push(this.#term());
      // SOQL has no precedence of AND over OR: mixing them takes parentheses.
      if (this.#isWord("AND") || this.#isWord("OR")) throw this.#unexpected();
      return { kind: joint === "AND" ? "and" : "or", terms };
    });
  }

  #columns(): SelectedColumn[] {
    if (this.#isWord("COUNT") && this.#symbolAt(1, "(")) {
      this.#next += 2;
      this.#expectSymbol(")");
      return [];
    }
    const columns: SelectedColumn[] = [];
    do {
      if (this.#symbol("(")) {
        columns.push({ kind: "children", query: this.select() });
        this.#expectSymbol(")");
      } else {
        columns.push({ kind: "column", column: this.#column() });
      }
    } while (this.#symbol(","));
    return columns;
  }

  #term(): Condition {
    return this.#nested(() => {
      if (this.#word("NOT")) return { kind: "not", term: this.#term() };
      if (this.#symbol("(")) {
        const inner = this.condition();
        this.#expectSymbol(")");
        return inner;
      }
      return this.#comparison();
    });
  }

  #comparison(): Condition {
    const column = this.#column();
    if (this.#word("LIKE")) return { kind: "compare", column, operator: "LIKE", value: this.#literal() };
    if (this.#word("IN")) return this.#inList(column, false);
    if (this.#word("NOT")) {
      this.#expectWord("IN");
      return this.#inList(column, true);
    }
    const token = this.#peek();
    if (token.kind !== "symbol" || !OPERATORS.includes(token.text)) throw this.#unexpected();
    this.#next++;
    return { kind: "compare", column, operator: token.text as ComparisonOperator, value: this.#literal() };
  }

  #inList(column: ColumnName, negated: boolean): Condition {
    this.#expectSymbol("(");
    const values = [this.#literal()];
    while (this.#symbol(",")) values.push(this.#literal());
    this.#expectSymbol(")");
    return { kind: "in", column, negated, values };
  }

  #orderBy(): OrderTerm[] {
    if (!this.#word("ORDER")) return [];
    this.#expectWord("BY");
    const terms: OrderTerm[] = [];
    do {
      const column = this.#column();
      const descending = this.#word("DESC") || (this.#word("ASC"), false);
      const nullsLast = this.#word("NULLS") && (this.#word("LAST") || (this.#expectWord("FIRST"), false));
      terms.push({ column, descending, nullsLast });
    } while (this.#symbol(","));
    return terms;
  }

  #count(): number {
    const token = this.#take();
    const value = token.kind === "literal" && token.literal.kind === "number" ? token.literal.value : -1;
    if (!Number.isSafeInteger(value) || value < 0) throw this.#unexpected(token);
    return value;
  }

  #literal(): Literal {
    const token = this.#take();
    if (token.kind === "literal") return token.literal;
    const word = token.kind === "name" ? token.text.toLowerCase() : "";
    if (word === "null") return { kind: "null", at: token.at };
    if (word === "true" || word === "false") return { kind: "boolean", value: word === "true", at: token.at };
    throw this.#unexpected(token);
  }

  #column(): ColumnName {
    const token = this.#name();
    return { parts: token.text.split("."), at: token.at };
  }

  #name(): Token {
    const token = this.#take();
    if (token.kind !== "name") throw this.#unexpected(token);
    return token;
  }

  #nested<Result>(work: () => Result): Result {
    if (++this.#depth > MAX_DEPTH) throw malformedQuery(this.#soql, this.#peek().at, "the query is nested too deeply");
    const result = work();
    this.#depth--;
    return result;
  }

  #peek(): Token {
    return this.#tokens[this.#next]!;
  }

  #take(): Token {
    const token = this.#peek();
    if (token.kind !== "end") this.#next++;
    return token;
  }

  #isWord(word: string): boolean {
    const token = this.#peek();
    return token.kind === "name" && token.text.toUpperCase() === word;
  }

  #word(word: string): boolean {
    if (!this.#isWord(word)) return false;
    this.#next++;
    return true;
  }

  #expectWord(word: string): void {
    if (!this.#word(word)) throw this.#unexpected();
  }

  #symbolAt(ahead: number, symbol: string): boolean {
    const token = this.#tokens[this.#next + ahead];
    return token?.kind === "symbol" && token.text === symbol;
  }

  #symbol(symbol: string): boolean {
    if (!this.#symbolAt(0, symbol)) return false;
    this.#next++;
    return true;
  }

  #expectSymbol(symbol: string): void {
    if (!this.#symbol(symbol)) throw this.#unexpected();
  }

  #unexpected(token = this.#peek()) {
    const what = token.kind === "end" ? "unexpected end of the query" : `unexpected token: '${token.text}'`;
    return malformedQuery(this.#soql, token.at, what);
  }
}
