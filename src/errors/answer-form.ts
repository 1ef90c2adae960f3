import { answerHead, type AnswerHead } from "./http-status.js";
import type { HttpHint } from "./format.js";
import { answerTypeFor, JSON_TYPE, type AnswerType } from "./media-type.js";

/** The extensions of an error or of an answer, in which a hint says what the HTTP status of that part would be. */
export interface Hinted {
  http?: HttpHint;
  [key: string]: unknown;
}

/** How the answers of one endpoint look: media type, HTTP status, and hints. */
export interface AnswerForm {
  /** @returns null if the caller accepts no type that crmesh can send */
  type(accept: string | undefined): AnswerType | null;
  /** @param data undefined if execution did not begin */
  head(
    data: unknown,
    errors: readonly { extensions?: Record<string, unknown> | undefined }[] | undefined,
    type?: AnswerType,
  ): AnswerHead;
  /** Writes the hint of a part of the answer in the form of the endpoint. */
  hinted(extensions: Hinted): Record<string, unknown>;
}

/** Answers for callers who read the HTTP status, at `/graphql`. */
export const DIRECT_FORM: AnswerForm = {
  type: answerTypeFor,
  head: answerHead,
  hinted: (extensions) => extensions,
};

/**
 * Answers for federation gateways, at `/subgraph`. Gateways lose data or codes otherwise: some drop the data of an answer
 * whose status is not 200, some take `extensions.http` of one error for the status of their whole answer, and some
 * understand only `application/json` although they accept more.
 */
export const SUBGRAPH_FORM: AnswerForm = {
  type: () => JSON_TYPE,
  head: () => ({ status: 200 }),
  hinted: ({ http, ...extensions }) => (http === undefined ? extensions : { ...extensions, status: http.status }),
};
