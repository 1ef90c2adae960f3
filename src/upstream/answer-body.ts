import { CrmError } from "../errors/crm-error.js";

/**
 * Reads a value that a CRM sent, or refuses it.
 * @throws Mismatch
 */
export type Decoder<Value> = (value: unknown) => Value;

/** A value that has another form than its decoder expects. It knows the form and the place, never the value. */
export class Mismatch extends Error {
  override readonly name = "Mismatch";
  /** The path to the value, the outermost member first. */
  readonly #place: (string | number)[] = [];

  /**
   * @param expected a noun with its article, such as `an id`
   * @param got the form that the value has instead
   */
  constructor(
    readonly expected: string,
    readonly got: string,
  ) {
    super(`Expected ${expected}, got ${got}.`);
  }

  /** Notes the member or the item that the value is part of. Returns the same object. */
  within(part: string | number): this {
    this.#place.unshift(part);
    return this;
  }

  /** A sentence that shows nothing of the value. */
  get detail(): string {
    const { expected, got, place } = this;
    return place === ""
      ? `Expected ${expected} as the CRM’s response, got ${got}.`
      : `Expected ${expected} at \`${place}\` in the CRM’s response, got ${got}.`;
  }

  asError(): CrmError {
    return new CrmError("PROVIDER_ERROR", { detail: this.detail });
  }

  /** Such as `results[3].id`. Empty for the whole body. */
  get place(): string {
    return this.#place
      .map((part, index) => (typeof part === "number" || part === "*" ? `[${part}]` : index === 0 ? part : `.${part}`))
      .join("");
  }
}

/**
 * Runs what reads values that a CRM sent.
 * @throws CrmError PROVIDER_ERROR in the place of a Mismatch
 */
export function decoding<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw error instanceof Mismatch ? error.asError() : error;
  }
}

/**
 * The body of a CRM's answer. Nobody knows what a CRM really sends, so a body has no members that code can use: only a
 * decoder reads it.
 */
export class AnswerBody {
  readonly #value: unknown;
  readonly #isOfWrite: boolean;

  /** @param isOfWrite whether the body answers a request that changes something */
  constructor(value: unknown, isOfWrite = false) {
    this.#value = value;
    this.#isOfWrite = isOfWrite;
  }

  /**
   * @throws CrmError PROVIDER_ERROR that names the place if the body has another form. If it answers a write, the outcome
   *   is UNKNOWN, because the CRM may have carried the write out.
   */
  decode<Value>(decoder: Decoder<Value>): Value {
    try {
      return decoder(this.#value);
    } catch (error) {
      throw error instanceof Mismatch ? this.unexpected(error.detail) : error;
    }
  }

  /** Makes the error for an answer that has a valid form, but cannot be the answer to this request. */
  unexpected(detail: string): CrmError {
    return new CrmError("PROVIDER_ERROR", { detail, ...(this.#isOfWrite && { outcome: "UNKNOWN" as const }) });
  }
}
