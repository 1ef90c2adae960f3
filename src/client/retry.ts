import { isCrmeshError } from "./crmesh-error.js";
import { CrmeshTransportError } from "./transport-error.js";

export interface RetryOptions {
  /** The most calls of the task, the first one included: 1 to 20. Defaults to 4. */
  readonly attempts?: number;
  /** Milliseconds: a longer wait is not waited for. Defaults to 30,000. */
  readonly maxWaitMs?: number;
  /** Ends the wait. Pass it to the requests as well. */
  readonly signal?: AbortSignal | undefined;
  /** Waits. Defaults to a timer. */
  readonly wait?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  /** From 0 to 1, for waits that differ between clients. Defaults to `Math.random`. */
  readonly random?: () => number;
}

/** Milliseconds of the first wait if nobody states one. It doubles with every attempt. */
const FIRST_WAIT_MS = 500;

/** A stated wait becomes longer by up to this part, so that those who were refused together do not come back together. */
const SPREAD = 0.1;

/**
 * Runs a task of `execute` or `request` until its result must not be repeated, and returns the last result.
 *
 * It repeats only what the answer calls `repeatable`: all errors are retryable, and no write happened or may have happened.
 * It waits for as long as the errors state, else 0.25 to 0.5 s, then twice as long, and so on.
 * @throws what the last attempt threw
 * @throws the reason of `signal` after an abort
 * @throws RangeError for an option that is out of its range
 */
export async function retry<Result>(
  task: (attempt: number) => Promise<Result>,
  options: RetryOptions = {},
): Promise<Result> {
  const { attempts = 4, maxWaitMs = 30_000, signal, wait = timer, random = Math.random } = options;
  if (!(attempts >= 1 && attempts <= 20)) throw new RangeError("attempts must be from 1 to 20.");
  if (!(maxWaitMs >= 0 && maxWaitMs <= 86_400_000)) throw new RangeError("maxWaitMs must be from 0 to 86,400,000.");
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    const end = await ended(task(attempt));
    const stated = retryAfter("error" in end ? end.error : end.result);
    const waitMs =
      stated === undefined
        ? Math.min(maxWaitMs, FIRST_WAIT_MS * 2 ** (attempt - 1)) * (1 + random()) * 0.5
        : stated * 1000 * (1 + random() * SPREAD);
    const isLast = attempt >= attempts || (stated ?? 0) * 1000 > maxWaitMs;
    if (isLast || !isRepeatable("error" in end ? end.error : end.result)) {
      if ("error" in end) throw end.error;
      return end.result;
    }
    await wait(waitMs, signal);
  }
}

/**
 * Seconds that an error, or the errors of an answer, ask to wait: the longest of them.
 * @returns undefined if none states a wait
 */
export function retryAfter(subject: unknown): number | undefined {
  if (subject instanceof CrmeshTransportError) return subject.retryAfter;
  const errors = isCrmeshError(subject) ? (subject.answer?.errors ?? [subject]) : errorsOf(subject);
  const waits = errors.flatMap((error) => (isCrmeshError(error) ? (error.extensions.retryAfter ?? []) : []));
  return waits.length === 0 ? undefined : Math.max(...waits);
}

function errorsOf(subject: unknown): readonly unknown[] {
  const { errors } = Object(subject) as { errors?: unknown };
  return Array.isArray(errors) ? errors : [];
}

function isRepeatable(subject: unknown): boolean {
  const { repeatable } = (isCrmeshError(subject) ? Object(subject.answer) : Object(subject)) as {
    repeatable?: unknown;
  };
  return repeatable === true;
}

async function ended<Result>(task: Promise<Result>): Promise<{ result: Result } | { error: unknown }> {
  try {
    return { result: await task };
  } catch (error) {
    return { error };
  }
}

function timer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timeout);
      reject(signal?.reason as Error);
    };
    const timeout = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", abort, { once: true });
  });
}
