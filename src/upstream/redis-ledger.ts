import { AGAIN_SHARE } from "./memory-ledger.js";
import { GRACE_MS, MAX_HOLD_MS, type PaceLedger, type PlaceRequest } from "./pace-ledger.js";
import { SHORT_WAIT_MS } from "./retry-decision.js";

/** Runs a script in Redis. @throws Error if Redis does not answer in time */
export type RunScript = (script: string, keys: readonly string[], args: readonly string[]) => Promise<unknown>;

/**
 * All operations on one window, as `MemoryLedger` does them. Redis runs a script as a whole, and its clock is the only one,
 * so that processes need not have the same time. Times are milliseconds.
 *
 * `sent`: the calls that count, by the time at which the CRM had certainly got them; those on their way, by the end of their
 * lease. Of a bucket, only those on their way. `queue`: those that wait, by tag. `told`: the same, by when they were told to
 * come back. `tags`: the last tag of each process that waits. `full`: when the bucket would be full again. `block`: the end
 * of a block.
 */
const SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local sent, queue, told, tags, full, block = unpack(KEYS)
local op, place, process = ARGV[1], ARGV[2], ARGV[13]
local per, limit, lease, number = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local isBucket, hasWaited = ARGV[7] == 'true', ARGV[8] == 'true'
local longest, longestBlock, grace, again = tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12])

local function text(at) return string.format('%.3f', at) end
local function timeOf(key) return tonumber(redis.call('GET', key) or '0') end
local function scoreAt(key, rank)
  local found = redis.call('ZRANGE', key, rank, rank, 'WITHSCORES')[2]
  return found and tonumber(found)
end

if op == 'block' then
  local till = math.max(timeOf(block), now + number)
  redis.call('SET', block, text(till), 'PX', math.ceil(till - now))
  return '0'
end

local function spend(tokens)
  local till = math.max(timeOf(full), now) + tokens * per / limit
  redis.call('SET', full, text(till), 'PX', math.ceil(till - now))
end
local function put(at)
  redis.call('ZADD', sent, text(at), place)
  redis.call('PEXPIRE', sent, math.ceil(lease + per))
end
local function leave()
  redis.call('ZREM', queue, place)
  redis.call('ZREM', told, place)
end

local gone = redis.call('ZREMRANGEBYSCORE', sent, '-inf', text(isBucket and now or now - per))
if isBucket and gone > 0 then spend(gone) end
for _, late in ipairs(redis.call('ZRANGEBYSCORE', told, '-inf', text(now - grace))) do
  redis.call('ZREM', queue, late)
  redis.call('ZREM', told, late)
end

if op == 'take' then
  if redis.call('ZSCORE', sent, place) then return '0' end
  local active = redis.call('ZCARD', sent)
  local function freeAt(ahead)
    local others = active + ahead
    if isBucket then return math.max(timeOf(full), now) - (limit - 1 - others) * (per / limit) end
    if others < limit then return now end
    if others - limit >= active then
      local before = redis.call('ZRANGE', queue, ahead - limit, ahead - limit)[1]
      return math.max(before and tonumber(redis.call('ZSCORE', told, before)) or now, now) + per
    end
    local at = scoreAt(sent, others - limit)
    if at > now then return math.max(at - lease + per, now + per * again) end
    return at + per
  end
  local rank = redis.call('ZRANK', queue, place)
  local first = scoreAt(queue, 0)
  local tag
  if not rank then
    if hasWaited then
      tag = (first or 0) - 1
    else
      if first then redis.call('ZREMRANGEBYSCORE', tags, '-inf', '(' .. first) else redis.call('DEL', tags) end
      local last = redis.call('ZSCORE', tags, process)
      tag = math.max(first or 0, last and last + 1 or 0)
    end
  end
  local ahead = rank or redis.call('ZCOUNT', queue, '-inf', tag)
  local expected = 0
  for _, other in ipairs(redis.call('ZRANGEBYSCORE', told, '-inf', text(now))) do
    if other ~= place and (redis.call('ZRANK', queue, other) or ahead) < ahead then expected = expected + 1 end
  end
  local blocked = math.max(0, timeOf(block) - now)
  if blocked == 0 and freeAt(hasWaited and expected or ahead) <= now then
    leave()
    put(now + lease)
    return '0'
  end
  local wait = math.max(blocked, freeAt(ahead) - now)
  if wait >= number or blocked > longestBlock then
    leave()
    return text(-wait)
  end
  if not rank then
    redis.call('ZADD', queue, tag, place)
    if not hasWaited then redis.call('ZADD', tags, tag, process) end
  end
  redis.call('ZADD', told, text(now + wait), place)
  for _, key in ipairs({ queue, told, tags }) do redis.call('PEXPIRE', key, longest + grace) end
  -- 0 would mean that it may be sent.
  return text(math.max(wait, 1))
end
leave()
if op == 'note' then
  put(now + lease)
elseif op == 'end' then
  if isBucket then
    redis.call('ZREM', sent, place)
    spend(1)
  else
    put(now)
  end
else
  redis.call('ZREM', sent, place)
end
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

  async end(request: PlaceRequest): Promise<void> {
    await this.#ask("end", request);
  }

  async giveBack(request: PlaceRequest): Promise<void> {
    await this.#ask("giveBack", request);
  }

  async note(request: PlaceRequest): Promise<void> {
    await this.#ask("note", request);
  }

  async block(window: string, forMs: number): Promise<void> {
    const nobody = { place: "", process: "", hasWaited: false, rule: { requests: 1, perMs: 1 }, leaseMs: 0 };
    await this.#ask("block", { window, ...nobody }, forMs);
  }

  async #ask(operation: string, request: Omit<PlaceRequest, "maxWaitMs">, number = 0): Promise<number> {
    const { window, place, process, hasWaited, rule, leaseMs } = request;
    // The braces keep all keys of a window on one node of a Redis Cluster.
    const keys = ["sent", "queue", "told", "tags", "full", "block"].map((kind) => `crmesh:pace-${kind}:{${window}}`);
    const { perMs, requests, isBucket = false } = rule;
    const facts = [perMs, requests, leaseMs, number, isBucket, hasWaited];
    const args = [operation, place, ...facts, MAX_HOLD_MS, SHORT_WAIT_MS, GRACE_MS, AGAIN_SHARE, process].map(String);
    return Number(await this.#run(SCRIPT, keys, args));
  }
}
