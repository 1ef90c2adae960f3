import { describe, expect, test } from "@jest/globals";
import { CrmError } from "../../../src/errors/crm-error.js";
import type { CaseContext } from "../ground.js";
import { adapterOf, everything, listAll, plainAdapterOf, type AnyPage, type AnyQuery } from "../stage/adapter.js";
import { WRITE_ACCOUNT } from "../stage/stage.js";
import { resourceOf, resourcesOf } from "../subject.js";

/** More pages than an empty listing may take before it is held for endless. */
const PAGES = 12;

/** Lists show what the CRM's own pages show, and they end. */
export function describeShownRecords({ subject, ground }: CaseContext): void {
  const { hidden = [] } = subject;

  describe("what the CRM's users see", () => {
    for (const { what, resource, byId, ...record } of hidden)
      test(`${what}: not listed, and ${byId ? "read" : "not read"} by its id`, async () => {
        const { stage, fresh } = ground();
        const adapter = adapterOf(subject.provider, resource);
        const { context } = stage.connect({ account: WRITE_ACCOUNT });
        const id = await record.make(await stage.native(WRITE_ACCOUNT), fresh);
        const orders = [
          null,
          ...Object.keys(adapter.map.orders).map((field) => ({ field, direction: "DESC" as const })),
        ];
        for (const orderBy of orders) {
          const listed = await listAll(adapter, context, { orderBy });
          expect(listed.length).toBeGreaterThan(0);
          expect(listed.map(({ nativeId }) => nativeId)).not.toContain(id);
        }
        expect((await adapter.get(context, [id], everything(adapter))).has(id)).toBe(byId);
        const { missingIds } = resourceOf(subject, resource);
        expect((await adapter.get(context, [id, ...missingIds], new Set())).has(id)).toBe(byId);
      });

    test("a listing whose pages bring nothing never goes on from the same place", async () => {
      const { stage } = ground();
      for (const resource of resourcesOf(subject)) {
        const adapter = plainAdapterOf(subject.provider, resource);
        const orders = [
          null,
          ...Object.keys(adapter.map.orders).map((field) => ({ field, direction: "ASC" as const })),
        ];
        for (const orderBy of orders) {
          const { context } = stage.connect();
          const query = { filter: {}, orderBy, limit: 10, select: new Set<string>() };
          // Definitions are read before the answers change.
          await adapter.list(context, { ...query, cursor: null });
          const cursors = await stage.changing(withoutRecords, () =>
            cursorsOf(query, (whole) => adapter.list(context, whole)),
          );
          expect([
            resource,
            orderBy?.field,
            cursors.filter((cursor, index) => cursors.indexOf(cursor) < index),
          ]).toEqual([resource, orderBy?.field, []]);
        }
      }
    });
  });
}

/** The cursors of a listing, at most `PAGES`; fewer if it ends, or if crmesh says that it would not. */
async function cursorsOf(
  query: Omit<AnyQuery, "cursor">,
  list: (query: AnyQuery) => Promise<AnyPage>,
): Promise<string[]> {
  const cursors: string[] = [];
  let cursor: string | null = null;
  try {
    while (cursors.length < PAGES) {
      const page: AnyPage = await list({ ...query, cursor });
      if (page.next === null) break;
      cursor = page.next;
      cursors.push(cursor);
    }
  } catch (error) {
    if (!(error instanceof CrmError) || error.code !== "PROVIDER_ERROR") throw error;
  }
  return cursors;
}

/** An answer without the records in it: the lists of objects of more than one member are empty. */
function withoutRecords(text: string): string {
  const emptied = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.some(isRecord) ? [] : value.map(emptied);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, emptied(member)]));
  };
  return text === "" ? text : JSON.stringify(emptied(JSON.parse(text)));
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length > 1;
}
