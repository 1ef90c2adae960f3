import type { PaceLedger, PlaceRequest } from "./pace-ledger.js";
import { SHORT_WAIT_MS } from "./retry-decision.js";

/** Runs a script in Redis. @throws Error if Redis does not answer in time */
export type RunScript = (script: string, keys: readonly string[], args: readonly string[]) => Promise<unknown>;

/**
 * All operations on one window: a sorted set of places by their times, and the end of a block. Redis runs a script as a
 * whole, and its clock is the only one, so that processes need not have the same time.
 */
const SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local places, block, bucket = KEYS[1], KEYS[2], KEYS[3]
local op, place, per, limit, number = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local isBucket, longest = ARGV[6] == 'true', tonumber(ARGV[7])

local function refill(till)
  redis.call('SET', bucket, string.format('%.3f', till), 'PX', math.max(1, math.ceil(till - now)))
end
local function put(at)
  if isBucket then return refill(math.max(tonumber(redis.call('GET', bucket) or '0'), at) + per / limit) end
  redis.call('ZADD', places, string.format('%.3f', at), place)
  redis.call('PEXPIRE', places, math.ceil(math.max(at, now) - now + per))
end
local function free(blocking)
  if #blocking == 0 then return now end
  return math.max(now, tonumber(blocking[2]) + per)
end

redis.call('ZREMRANGEBYSCORE', places, '-inf', string.format('%.3f', now - per))
if op == 'take' then
  local at
  if isBucket then
    at = math.max(now, tonumber(redis.call('GET', bucket) or '0') - per * (limit - 1) / limit)
  else
    at = free(redis.call('ZRANGE', places, -limit, -limit, 'WITHSCORES'))
  end
  local blocked = tonumber(redis.call('GET', block) or '0')
  at = math.max(at, blocked)
  if at - now >= number or blocked - now > longest then return string.format('%.3f', now - at) end
  put(at)
  return string.format('%.3f', at - now)
end
if op == 'note' then
  put(now + number)
  return '0'
end
if op == 'confirm' then
  if isBucket then return '0' end
  redis.call('ZREM', places, place)
  local sent = redis.call('ZCOUNT', places, '-inf', string.format('%.3f', now))
  local at = now
  if sent >= limit then at = free(redis.call('ZRANGE', places, sent - limit, sent - limit, 'WITHSCORES')) end
  put(at)
  return string.format('%.3f', at - now)
end
if op == 'block' then
  local till = math.max(tonumber(redis.call('GET', block) or '0'), now + number)
  redis.call('SET', block, string.format('%.3f', till), 'PX', math.ceil(till - now))
  return '0'
end
if isBucket then
  local till = redis.call('GET', bucket)
  if op == 'giveBack' and till then refill(tonumber(till) - per / limit) end
  return '0'
end
redis.call('ZREM', places, place)
if op == 'end' and number < per then put(now - number) end
return '0'
`;

/** The windows in a Redis, for all replicas. */
export class RedisLedger implements PaceLedger {
  readonly #run: RunScript;

  constructor(run: RunScript) {
    this.#run = run;
  }

  take(request: PlaceRequest): Promise<number> {
    return this.#ask("take", request, request.maxWaitMs);
  }

  confirm(request: PlaceRequest): Promise<number> {
    return this.#ask("confirm", request, 0);
  }

  async end(request: PlaceRequest, agoMs: number): Promise<void> {
    await this.#ask("end", request, agoMs);
  }

  async giveBack(request: PlaceRequest): Promise<void> {
    await this.#ask("giveBack", request, 0);
  }

  async note(request: PlaceRequest, waitMs: number): Promise<void> {
    await this.#ask("note", request, waitMs);
  }

  async block(window: string, forMs: number): Promise<void> {
    // A block concerns no place, and no time at which places leave the window.
    await this.#ask("block", { window, place: "", rule: { requests: 1, perMs: Number.MAX_SAFE_INTEGER } }, forMs);
  }

  async #ask(
    operation: string,
    { window, place, rule }: Pick<PlaceRequest, "window" | "place" | "rule">,
    number: number,
  ): Promise<number> {
    // The braces keep all keys of a window on one node of a Redis Cluster.
    const keys = [`crmesh:pace:{${window}}`, `crmesh:pace-block:{${window}}`, `crmesh:pace-bucket:{${window}}`];
    const { perMs, requests, isBucket = false } = rule;
    const args = [operation, place, perMs, requests, number, isBucket, SHORT_WAIT_MS].map(String);
    return Number(await this.#run(SCRIPT, keys, args));
  }
}
