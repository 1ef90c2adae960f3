import type { StatedRateLimit, UpstreamResponse } from "../../../upstream/request.js";

/** `Sforce-Limit-Info: api-usage=18/15000`: the calls of the last 24 hours and how many there may be. */
export function rateLimit({ headers }: UpstreamResponse): StatedRateLimit | undefined {
  const stated = headers["sforce-limit-info"];
  const usage = typeof stated === "string" ? /(?:^|[\s,;])api-usage=(\d+)\/(\d+)/.exec(stated) : null;
  if (!usage) return undefined;
  const [used, limit] = [Number(usage[1]), Number(usage[2])];
  return { limit, remaining: Math.max(0, limit - used), windowMs: null };
}
