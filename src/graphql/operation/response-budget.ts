import type { CrmError } from "../../errors/crm-error.js";
import { boundExceeded, type Bounds } from "./bounds.js";

/** The quotes, colon and comma that JSON puts around a name and a value. */
const FIELD_OVERHEAD_BYTES = 6;
/** The assumed size of a number, true, false or null. */
const LITERAL_BYTES = 5;

/**
 * Counts the objects, fields and bytes of one answer against their bounds. It counts while graphql-js executes, because the
 * lengths of lists are known only after they are read. The number of bytes is an estimate of the length of the JSON.
 */
export class OperationBudget {
  /** The error of the first exceeded bound. Once it is set, no more fields are resolved. */
  exceeded: CrmError | null = null;
  readonly #bounds: Bounds;
  /** The sizes of JSON values. They are cached because several aliases of a field can repeat a value. */
  readonly #jsonBytes = new WeakMap<object, number>();
  #objects = 0;
  #fields = 0;
  #answerBytes = 0;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  /** Counts a field that has one object or a list of objects. */
  takeObjects(count: number, key: string): void {
    this.#objects += count;
    if (this.#objects > this.#bounds.objects) this.#exceed("objects");
    this.#takeField(key.length);
  }

  /** Counts a field that has a scalar. */
  takeValue(value: unknown, key: string): void {
    this.#takeField(key.length + this.#bytesOf(value));
  }

  /** Counts a field that has a list of scalars. */
  takeValues(values: readonly unknown[], key: string): void {
    this.#takeField(key.length);
    for (const value of values) this.takeValue(value, "");
  }

  #takeField(bytes: number): void {
    this.#fields += 1;
    if (this.#fields > this.#bounds.fields) this.#exceed("fields");
    this.#answerBytes += bytes + FIELD_OVERHEAD_BYTES;
    if (this.#answerBytes > this.#bounds.answerBytes) this.#exceed("answerBytes");
  }

  #exceed(name: "objects" | "fields" | "answerBytes"): void {
    this.exceeded ??= boundExceeded(this.#bounds, name, null);
  }

  #bytesOf(value: unknown): number {
    if (typeof value === "string") return value.length;
    if (typeof value !== "object" || value === null) return LITERAL_BYTES;
    let bytes = this.#jsonBytes.get(value);
    if (bytes === undefined) this.#jsonBytes.set(value, (bytes = this.#jsonLength(value)));
    return bytes;
  }

  /** Estimates the length of a value as JSON. Stops once the value alone exceeds the bound of the answer. */
  #jsonLength(root: object): number {
    let bytes = 0;
    const open: unknown[] = [root];
    for (let value = open.pop(); value !== undefined && bytes <= this.#bounds.answerBytes; value = open.pop()) {
      if (typeof value === "string") bytes += value.length + 3;
      else if (typeof value !== "object" || value === null) bytes += LITERAL_BYTES;
      else if (Array.isArray(value)) for (const item of value) open.push(item ?? null);
      else {
        for (const [name, member] of Object.entries(value)) {
          bytes += name.length + 4;
          open.push(member ?? null);
        }
      }
    }
    return bytes;
  }
}
