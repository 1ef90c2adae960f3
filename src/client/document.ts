import { printDocument } from "./print-document.js";

/** The types of an operation's data and variables, as graphql-codegen and gql.tada add them to a document. */
export interface DocumentTypes<Data, Variables> {
  readonly __apiType?: (variables: Variables) => Data;
}

/** A syntax tree, such as a `TypedDocumentNode` and what gql.tada's `graphql()` returns. */
export interface DocumentTree {
  readonly kind: string;
  readonly definitions: readonly object[];
}

/** A text in an object, such as graphql-codegen's `TypedDocumentString`. */
export interface DocumentText {
  readonly length: number;
  toString(): string;
}

/** An operation with the types of its data and variables. */
export type TypedDocument<Data, Variables> = (DocumentTree | DocumentText) & DocumentTypes<Data, Variables>;

/** Documents are constants of a program, so each is printed once. */
const printed = new WeakMap<object, string>();

/** @throws TypeError for a tree that is not an executable document */
export function textOf(document: string | DocumentTree | DocumentText): string {
  if (typeof document === "string") return document;
  if (!("definitions" in document)) return document.toString();
  let text = printed.get(document);
  if (text === undefined) printed.set(document, (text = printDocument(document)));
  return text;
}

/**
 * Whether a document may contain a mutation. Errs on the side of writes: a query that only mentions the word counts as one,
 * and is then not repeated by `retry`.
 */
export function mayWrite(text: string): boolean {
  return /\bmutation\b/.test(text);
}
