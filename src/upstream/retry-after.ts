/**
 * Reads the seconds of a `Retry-After` header, which has seconds or an HTTP date (RFC 9110 §10.2.3). Undefined if the
 * header is absent or not valid.
 */
export function retryAfterSeconds(header: string | string[] | undefined, now: number): number | undefined {
  const text = (Array.isArray(header) ? header[0] : header)?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  // Date.parse also accepts texts that are not HTTP dates. Every HTTP date has the name of a month.
  const date = /[a-z]{3}/i.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000);
}
