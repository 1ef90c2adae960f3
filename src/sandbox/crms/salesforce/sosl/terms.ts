import { badRequest } from "../errors.js";
import { matchesLike, type LikePart } from "../like.js";

/** What a search asks of one text: words that follow each other, or a combination of such. */
export type SearchTerm =
  | { kind: "words"; words: LikePart[][] }
  | { kind: "and" | "or"; terms: SearchTerm[] }
  | { kind: "not"; term: SearchTerm };

type Piece = { kind: "words"; text: string } | { kind: "operator"; text: "AND" | "OR" | "NOT" | "(" | ")" };

const MAX_PIECES = 100;
const SEPARATORS = /[^\p{L}\p{N}\p{M}\uE000\uE001]+/u;
/** Stand for the wildcards, which are no letters, while a text is cut into words. */
const ANY_RUN = "\uE000";
const ANY_ONE = "\uE001";

/** Words as a search index holds them: no case, no punctuation. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().split(SEPARATORS).filter(Boolean);
}

/** Reads the words between the braces of FIND, or the `q` of a parameterized search. */
export function parseTerms(text: string): SearchTerm {
  if (text.replace(/[\s*?"\\]/g, "").length < 2) {
    throw badRequest("MALFORMED_SEARCH", `search term must be longer than one character: ${text}`);
  }
  const pieces = splitPieces(text);
  // Nothing but punctuation is in no record.
  if (pieces.length === 0) return { kind: "or", terms: [] };
  if (pieces.length > MAX_PIECES) throw badRequest("MALFORMED_SEARCH", "the search has too many terms");
  const state = { pieces, next: 0 };
  const term = readOr(state);
  if (state.next < pieces.length) throw unbalanced();
  return term;
}

export function matchesTerm(term: SearchTerm, words: readonly string[]): boolean {
  switch (term.kind) {
    case "and":
      return term.terms.every((inner) => matchesTerm(inner, words));
    case "or":
      return term.terms.some((inner) => matchesTerm(inner, words));
    case "not":
      return !matchesTerm(term.term, words);
    case "words":
      return words.some((_, start) => term.words.every((pattern, index) => matches(words[start + index], pattern)));
  }
}

interface State {
  pieces: Piece[];
  next: number;
}

function readOr(state: State): SearchTerm {
  const terms = [readAnd(state)];
  while (isOperator(state, "OR")) {
    state.next++;
    terms.push(readAnd(state));
  }
  return terms.length === 1 ? terms[0]! : { kind: "or", terms };
}

/** Words beside each other must all be there, with or without AND. */
function readAnd(state: State): SearchTerm {
  const terms = [readOne(state)];
  while (state.next < state.pieces.length && !isOperator(state, "OR") && !isOperator(state, ")")) {
    if (isOperator(state, "AND")) state.next++;
    terms.push(readOne(state));
  }
  return terms.length === 1 ? terms[0]! : { kind: "and", terms };
}

function readOne(state: State): SearchTerm {
  const piece = state.pieces[state.next++];
  if (!piece) throw badRequest("MALFORMED_SEARCH", "unexpected end of the search");
  if (piece.kind === "words") return { kind: "words", words: wordsOf(piece.text).map(wordPattern) };
  if (piece.text === "NOT") return { kind: "not", term: readOne(state) };
  if (piece.text !== "(") throw badRequest("MALFORMED_SEARCH", `unexpected token: ${piece.text}`);
  const inner = readOr(state);
  if (!isOperator(state, ")")) throw unbalanced();
  state.next++;
  return inner;
}

function isOperator({ pieces, next }: State, text: string): boolean {
  const piece = pieces[next];
  return piece?.kind === "operator" && piece.text === text;
}

function splitPieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  for (const [part, quoted] of text.matchAll(/"((?:\\.|[^"\\])*)"|[()]|(?:\\.|[^\s()"\\])+/gsu)) {
    if (part === "(" || part === ")" || /^(?:AND|OR|NOT)$/i.test(part)) {
      pieces.push({ kind: "operator", text: part.toUpperCase() as "AND" });
    } else {
      const words = withWildcards(quoted ?? part);
      // The index has no word for punctuation.
      if (wordsOf(words).length > 0) pieces.push({ kind: "words", text: words });
    }
  }
  return pieces;
}

/** Takes the backslashes away; a wildcard that had one is punctuation. */
function withWildcards(text: string): string {
  return text.replace(/\\(.)|([*?])/gsu, (_, escaped: string | undefined, wildcard: string | undefined) => {
    if (escaped !== undefined) return escaped;
    return wildcard === "*" ? ANY_RUN : ANY_ONE;
  });
}

function wordPattern(word: string): LikePart[] {
  return [...word].map((char) => (char === ANY_RUN ? "any-run" : char === ANY_ONE ? "any-one" : { char }));
}

function matches(word: string | undefined, pattern: readonly LikePart[]): boolean {
  return word !== undefined && matchesLike(word, pattern);
}

function unbalanced() {
  return badRequest("MALFORMED_SEARCH", "the parentheses of the search do not match");
}
