/** A part of a query's text, cut by the tokenizer of the query language. */
export interface Token {
  readonly kind: string;
  readonly text: string;
}

/** Reads the tokens of a query one after the other. */
export class TokenReader<QueryToken extends Token> {
  readonly #tokens: readonly QueryToken[];
  readonly #isWord: (token: QueryToken, word: string) => boolean;
  readonly #unexpected: (token: QueryToken | undefined) => Error;
  #at = 0;

  /**
   * @param isWord whether a token is that keyword or sign
   * @param unexpected makes the refusal of a token that is not allowed here; undefined at the end of the query
   */
  constructor(
    tokens: readonly QueryToken[],
    {
      isWord,
      unexpected,
    }: {
      isWord: (token: QueryToken, word: string) => boolean;
      unexpected: (token: QueryToken | undefined) => Error;
    },
  ) {
    this.#tokens = tokens;
    this.#isWord = isWord;
    this.#unexpected = unexpected;
  }

  /** Returns the next token without reading it. Undefined at the end. */
  peek(): QueryToken | undefined {
    return this.#tokens[this.#at];
  }

  /** Whether the next token, or one further ahead, is that keyword or sign. */
  sees(word: string, ahead = 0): boolean {
    const token = this.#tokens[this.#at + ahead];
    return token !== undefined && this.#isWord(token, word);
  }

  /** Reads the keyword or sign if it is the next token. Returns whether it was. */
  takes(word: string): boolean {
    const isNext = this.sees(word);
    if (isNext) this.#at += 1;
    return isNext;
  }

  /** Reads the keyword or sign. @throws Error if the next token is another one */
  expect(word: string): void {
    if (!this.takes(word)) throw this.unexpected();
  }

  /** Reads the next token. @throws Error at the end, or for a token of another kind */
  next<Kind extends QueryToken["kind"]>(kind?: Kind): QueryToken & { kind: Kind } {
    const token = this.#tokens[this.#at];
    if (token === undefined || (kind !== undefined && token.kind !== kind)) throw this.unexpected();
    this.#at += 1;
    return token as QueryToken & { kind: Kind };
  }

  /** @throws Error if there are tokens left */
  end(): void {
    if (this.#at < this.#tokens.length) throw this.unexpected();
  }

  /** The refusal of a token. Defaults to the next token. */
  unexpected(token: QueryToken | undefined = this.#tokens[this.#at]): Error {
    return this.#unexpected(token);
  }
}
