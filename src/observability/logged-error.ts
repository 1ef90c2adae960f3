/** Characters of a message and of a stack, and levels of causes, that a log line holds. */
const MAX_MESSAGE = 1_000;
const MAX_STACK = 4_000;
const MAX_CAUSES = 3;

/**
 * Describes an error for the log: name, message, code, stack and causes, each of bounded length. Other properties of an
 * error can contain requests and parameters.
 */
export function loggedError(error: unknown, causes = MAX_CAUSES): object {
  if (typeof error !== "object" || error === null) return { message: shortened(String(error), MAX_MESSAGE) };
  const { name, message, stack, code, cause } = error as Record<string, unknown>;
  return {
    name: textOf(name, MAX_MESSAGE),
    message: textOf(message, MAX_MESSAGE),
    code: typeof code === "number" ? code : textOf(code, MAX_MESSAGE),
    stack: textOf(stack, MAX_STACK),
    ...(cause === undefined || causes === 0 ? {} : { cause: loggedError(cause, causes - 1) }),
  };
}

function textOf(value: unknown, length: number): string | undefined {
  return typeof value === "string" ? shortened(value, length) : undefined;
}

function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
