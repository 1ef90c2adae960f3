import { jest } from "@jest/globals";
import { AnswerBody, Mismatch, type Decoder } from "../../../src/upstream/answer-body.js";

/**
 * The decoders that an adapter applied to the answers of a run. They say which members the adapter relies on: those that
 * they refuse in another form.
 */
export class DecoderWatch {
  readonly #decoders = new Map<string, Set<Decoder<unknown>>>();

  /** Notes the decoders of all answers that are read during `run`. */
  async during<Result>(run: () => Promise<Result>): Promise<Result> {
    const decoders = this.#decoders;
    const watched = jest.spyOn(AnswerBody.prototype, "decode");
    const decode = watched.getMockImplementation()!;
    watched.mockImplementation(function (this: AnswerBody, decoder) {
      return decode.call(this, (body) => {
        const key = JSON.stringify(body);
        decoders.set(key, (decoders.get(key) ?? new Set()).add(decoder));
        return decoder(body);
      });
    });
    try {
      return await run();
    } finally {
      watched.mockRestore();
    }
  }

  /** Whether a decoder that read the good body refuses the other one. */
  refuses(good: unknown, other: unknown): boolean {
    return [...(this.#decoders.get(JSON.stringify(good)) ?? [])].some((decoder) => {
      try {
        decoder(other);
        return false;
      } catch (error) {
        if (error instanceof Mismatch) return true;
        throw error;
      }
    });
  }
}
