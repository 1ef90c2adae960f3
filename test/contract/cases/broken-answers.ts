import { describe, expect, test } from "@jest/globals";
import { brokenBodies } from "../broken/bodies.js";
import { judgeBroken } from "../broken/judgement.js";
import { recordingsOf } from "../broken/recordings.js";
import { replay } from "../broken/replay.js";
import type { CaseContext } from "../ground.js";

/**
 * Answers with a good status that are no answers. A read must not take them for "nothing there", because a caller then
 * deletes its copy. A write must not take them for success, because there is no record to name, nor for a failure that
 * can be tried again, because a caller then writes twice.
 */
export function describeBrokenAnswers(context: CaseContext): void {
  const { subject, ground } = context;
  const { provider } = subject;

  describe("broken answers", () => {
    const recorded = () => recordingsOf(context);

    test("an operation that is played back answers what it answered before", async () => {
      const { stage } = ground();
      for (const recording of await recorded()) {
        const { operation } = recording;
        const { requests, accepted: _accepted, ...ending } = await replay(stage, recording);
        expect({ name: operation.name, ...ending }).toEqual({ name: operation.name, outcome: recording.outcome });
        expect(requests).toHaveLength(recording.exchanges.length);
      }
    });

    test(`a broken answer of ${provider.name} to any call is PROVIDER_ERROR, and of a write UNKNOWN`, async () => {
      const { stage } = ground();
      const faults: string[] = [];
      let runs = 0;
      for (const recording of await recorded()) {
        const { operation } = recording;
        for (const exchange of recording.exchanges) {
          for (const [name, answer] of Object.entries(brokenBodies(exchange.answer))) {
            if (subject.meansNothingThere?.(exchange.request, answer)) continue;
            if (subject.alsoMeansWritten?.(exchange.request, answer)) continue;
            const ending = await replay(stage, recording, { exchange, answer });
            const write = subject.isWrite(exchange.request);
            const wrote = ending.accepted.some((request) => subject.isWrite(request));
            const { method, url } = exchange.request;
            for (const fault of judgeBroken(ending, recording.outcome, { write, wrote }))
              faults.push(`${operation.name}, ${method} ${url.split("?")[0]!} answered ${name}: ${fault}`);
            runs += 1;
          }
        }
      }
      expect(runs).toBeGreaterThan((await recorded()).length);
      expect(faults).toEqual([]);
    });
  });
}
