/** A wrong argument, option or combination of them. The message tells the user what was expected. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A correct command that cannot be done, such as for a key that does not exist. The message tells the user why. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
}

/** Something that a command needs is not available now: a port, a running server. The message names it. */
export class UnavailableError extends Error {
  override readonly name = "UnavailableError";
}
