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
    const { decode } = AnswerBody.prototype;
    AnswerBody.prototype.decode = function <Value>(this: AnswerBody, decoder: Decoder<Value>): Value {
      return decode.call(this, (body) => {
        const key = JSON.stringify(body);
        decoders.set(key, (decoders.get(key) ?? new Set()).add(decoder));
        return decoder(body);
      }) as Value;
    };
    try {
      return await run();
    } finally {
      AnswerBody.prototype.decode = decode;
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
