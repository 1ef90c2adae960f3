/** What was asked for cannot be done; the message says why in a sentence. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
