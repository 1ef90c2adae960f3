import { describe, expect, test } from "@jest/globals";
import type { CaseContext } from "../ground.js";
import { adapterOf, everything, getOne, listAll } from "../stage/adapter.js";
import { openStage, WRITE_ACCOUNT } from "../stage/stage.js";
import { resourceOf } from "../subject.js";

const LAG_MS = 60_000;

/** Search indexes notice changes late. What is read by its id is right at once, and no page breaks on what is gone. */
export function describeIndexLag({ subject, ground }: CaseContext): void {
  const { laggingFilter } = subject;
  if (!laggingFilter) return;
  const contacts = adapterOf(subject.provider, "contact");

  describe("a search index that lags behind", () => {
    test("hides a new record and shows a deleted one no longer than the lag, and breaks nothing", async () => {
      let time = Date.now();
      const stage = await openStage(subject, { indexLagMs: LAG_MS, now: () => time });
      try {
        const { context } = stage.connect({ account: WRITE_ACCOUNT });
        const id = await contacts.create!(context, resourceOf(subject, "contact").full(ground().fresh).input);
        const { fields } = await getOne(contacts, context, id);
        const found = async () => {
          const filter = laggingFilter(fields);
          const records = await listAll(contacts, context, { filter, select: everything(contacts) });
          return records.map(({ nativeId }) => nativeId);
        };
        expect(await found()).not.toContain(id);
        time += LAG_MS;
        expect(await found()).toContain(id);
        await contacts.delete!(context, id);
        expect((await contacts.get(context, [id], new Set())).size).toBe(0);
        // It may still be listed, as the CRM itself still finds it; after the lag it is not.
        await expect(found()).resolves.toEqual(expect.any(Array));
        time += LAG_MS;
        expect(await found()).not.toContain(id);
      } finally {
        await stage.close();
      }
    });
  });
}
