import { expect, test } from "@jest/globals";
import type { ResourceName } from "../../../src/providers/contract/model.js";
import { Random } from "../../../src/sandbox/kit/random.js";
import { judgeBroken, judgeHarmless, judgePossible, type Faults } from "../broken/judgement.js";
import { BROKEN_TEXT, mutationsOf, parsed, type Mutation } from "../broken/mutations.js";
import type { Outcome } from "../broken/operations.js";
import { recordingsOf, type WatchedRecording } from "../broken/recordings.js";
import { replay, type Recording } from "../broken/replay.js";
import { misfits } from "../broken/schema-fit.js";
import type { CaseContext } from "../ground.js";
import { plainAdapterOf } from "../stage/adapter.js";
import type { Exchange } from "../stage/recording-proxy.js";
import { readsFrom } from "../broken/readers.js";

/** Mutations of one CRM that `npm test` tries. `MUTATIONS=all` tries every one. */
const SAMPLE = 200;
/** Milliseconds for all mutations of one CRM, on a machine that has other work. */
const TIMEOUT_MS = 1_800_000;
const SEED = "broken members";

interface Trial {
  recording: Recording;
  exchange: Exchange;
  mutation: Mutation;
  /** A decoder that read the good answer refuses the broken one. */
  isRefused: boolean;
  /** A decoder refuses the member in some other form. */
  isNamed: boolean;
}

/**
 * Answers of which one member is broken: dropped, null, of another type, empty, cut in half. A member that a decoder names
 * fails the operation, or a write's outcome is UNKNOWN. Any other member takes away nothing but the fields read from it.
 */
export function describeMutatedAnswers(context: CaseContext): void {
  const { subject, ground } = context;
  const { provider } = subject;

  async function judge({ recording, exchange, mutation, isRefused, isNamed }: Trial): Promise<Faults> {
    const { operation, outcome } = recording;
    const ending = await replay(ground().stage, recording, { exchange, answer: mutation.answer }, (request) =>
      subject.isWrite(request),
    );
    const write = subject.isWrite(exchange.request);
    const wrote = ending.accepted.some((request) => subject.isWrite(request));
    const { detail = "" } = ending.error?.details ?? {};
    const shown = detail.includes(BROKEN_TEXT) ? ["the error shows the value"] : [];
    const unfitIn = ({ records = [] }: Outcome = {}) =>
      records.flatMap(({ fields }) => misfits(operation.resource, fields));
    const known = new Set(unfitIn(outcome));
    const unfit = unfitIn(ending.outcome).filter((path) => !known.has(path));
    const reads = readsFrom(mapOf(operation.resource), mutation.member);
    const isSought = operation.foundBy !== undefined && reads(operation.foundBy);
    const faults = isRefused
      ? judgeBroken(ending, outcome, { write, wrote })
      : isNamed || isSought
        ? judgePossible(ending)
        : judgeHarmless(ending, outcome, reads, {
            edge: operation.edge,
            wrote,
            isRead: operation.account === "READ",
          });
    return [...faults, ...shown, ...unfit.map((path) => `${path} does not fit the schema`)];
  }

  const mapOf = (resource: ResourceName) => plainAdapterOf(provider, resource).map;

  test(
    `one broken member of an answer of ${provider.name} takes away only what is read from it`,
    async () => {
      const trials = trialsOf(await recordingsOf(context));
      const chosen = process.env["MUTATIONS"] === "all" ? trials : sample(trials);
      const faults: string[] = [];
      for (const trial of chosen) {
        const { recording, exchange, mutation } = trial;
        const { method, url } = exchange.request;
        const place = `${recording.operation.name}, ${method} ${url.split("?")[0]!}, ${mutation.path} ${mutation.kind}`;
        for (const fault of await judge(trial)) faults.push(`${place}: ${fault}`);
      }
      expect(chosen.length).toBeGreaterThan(SAMPLE / 2);
      expect(chosen.some(({ isNamed }) => isNamed)).toBe(true);
      expect(faults).toEqual([]);
    },
    TIMEOUT_MS,
  );
}

function trialsOf(recordings: readonly WatchedRecording[]): Trial[] {
  return recordings.flatMap((recording) =>
    // The words of a refusal decide what becomes of it.
    recording.exchanges
      .filter(({ answer }) => answer.status < 400)
      .flatMap((exchange) => {
        const good = parsed(exchange.answer);
        const mutations = mutationsOf(exchange.answer).map((mutation) => ({
          mutation,
          isRefused: recording.watch.refuses(good, mutation.body),
        }));
        const named = new Set(mutations.filter(({ isRefused }) => isRefused).map(({ mutation }) => mutation.member));
        return mutations.map((one) => ({ ...one, recording, exchange, isNamed: named.has(one.mutation.member) }));
      }),
  );
}

/** A seeded sample, so that a failure comes again. Named members are a part of it. */
function sample(trials: readonly Trial[]): Trial[] {
  const random = new Random(SEED);
  const some = (from: readonly Trial[], size: number) => {
    const left = [...from];
    return Array.from(
      { length: Math.min(size, left.length) },
      () => left.splice(Math.floor(random.next() * left.length), 1)[0]!,
    );
  };
  const [named, others] = [trials.filter(({ isNamed }) => isNamed), trials.filter(({ isNamed }) => !isNamed)];
  return [...some(named, SAMPLE / 2), ...some(others, SAMPLE / 2)];
}
