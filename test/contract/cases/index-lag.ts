import { describe, expect, test } from "@jest/globals";
import type { CaseContext } from "../ground.js";
import { adapterOf, everything, getOne, listAll } from "../stage/adapter.js";
import { openStage, WRITE_ACCOUNT } from "../stage/stage.js";
import { resourceOf } from "../subject.js";

const LAG_MS = 60_000;

/** Search indexes lag behind. Reads by id must be right at once, and lists must not fail on deleted records. */
export function describeIndexLag({ subject, ground }: CaseContext): void {
  const { laggingFilter } = subject;
  if (!laggingFilter) return;
  const contacts = adapterOf(subject.provider, "contact");

  describe("a search index that lags behind", () => {
    test("new and deleted records are listed wrongly no longer than the lag, and no page fails", async () => {
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
        // The search index may still list the deleted record until the lag is over.
        await expect(found()).resolves.toEqual(expect.any(Array));
        time += LAG_MS;
        expect(await found()).not.toContain(id);
      } finally {
        await stage.close();
      }
    });
  });
}
