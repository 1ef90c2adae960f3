import type { PaceLedger, PlaceRequest } from "../upstream/pace-ledger.js";

/** One operation on a ledger, as a message. */
export type LedgerQuestion =
  { op: "take" | "end" | "giveBack" | "note"; request: PlaceRequest } | { op: "block"; window: string; forMs: number };

/** Milliseconds in which the primary must answer. */
const ANSWER_MS = 5_000;

/** The windows in the memory of the primary, for all workers of one machine. */
export class WorkerLedger implements PaceLedger {
  readonly #ask: (id: number, question: LedgerQuestion) => void;
  readonly #alone: PaceLedger;
  /** The places for which the primary did not answer in time. */
  readonly #ofAlone = new Set<string>();
  readonly #waiting = new Map<number, (waitMs: number | null) => void>();
  #asked = 0;

  /**
   * @param ask sends a question to the primary, which answers by `answer`
   * @param alone is asked if the primary does not answer in time
   */
  constructor(ask: (id: number, question: LedgerQuestion) => void, alone: PaceLedger) {
    this.#ask = ask;
    this.#alone = alone;
  }

  async take(request: PlaceRequest): Promise<number> {
    const waitMs = await this.#answered({ op: "take", request });
    if (waitMs !== null) return waitMs;
    this.#ofAlone.add(request.place);
    return this.#alone.take(request);
  }

  async end(request: PlaceRequest): Promise<void> {
    this.#ask(0, { op: "end", request });
    if (this.#ofAlone.delete(request.place)) await this.#alone.end(request);
  }

  async giveBack(request: PlaceRequest): Promise<void> {
    this.#ask(0, { op: "giveBack", request });
    if (this.#ofAlone.delete(request.place)) await this.#alone.giveBack(request);
  }

  note(request: PlaceRequest): void {
    this.#ask(0, { op: "note", request });
  }

  block(window: string, forMs: number): void {
    this.#ask(0, { op: "block", window, forMs });
  }

  /** Takes the primary's answer. */
  answer(id: number, waitMs: number): void {
    this.#waiting.get(id)?.(waitMs);
  }

  async #answered(question: LedgerQuestion): Promise<number | null> {
    const id = (this.#asked += 1);
    const answered = Promise.withResolvers<number | null>();
    this.#waiting.set(id, answered.resolve);
    const late = setTimeout(() => answered.resolve(null), ANSWER_MS);
    this.#ask(id, question);
    const waitMs = await answered.promise;
    clearTimeout(late);
    this.#waiting.delete(id);
    return waitMs;
  }
}

/** Answers a question of a worker from the primary's ledger. @returns null if it needs no answer */
export async function answerFrom(ledger: PaceLedger, question: LedgerQuestion): Promise<number | null> {
  switch (question.op) {
    case "take":
      return ledger.take(question.request);
    case "giveBack":
      await ledger.giveBack(question.request);
      return null;
    case "end":
      await ledger.end(question.request);
      return null;
    case "note":
      await ledger.note(question.request);
      return null;
    case "block":
      await ledger.block(question.window, question.forMs);
      return null;
  }
}
