import { boundedWaitS } from "../errors/wait.js";
import { statedNumber } from "./stated.js";

/**
 * Reads the seconds of a `Retry-After` header, which has seconds or an HTTP date (RFC 9110 §10.2.3), from 0 to MAX_WAIT_S. A
 * date in the past is 0. Undefined if the header is absent or not valid.
 * @param now milliseconds since the epoch
 */
export function retryAfterSeconds(header: string | string[] | undefined, now: number): number | undefined {
  const seconds = statedNumber(header);
  if (seconds !== undefined) return boundedWaitS(seconds);
  const text = (Array.isArray(header) ? header[0] : header) ?? "";
  // Date.parse also accepts texts that are not HTTP dates. Every HTTP date has the name of a month.
  return /[a-z]{3}/i.test(text) ? boundedWaitS((Date.parse(text) - now) / 1000) : undefined;
}
