/** A command that cannot be run. The message tells the user why. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
