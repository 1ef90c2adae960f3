import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { espocrm } from "../../src/providers/crm/espocrm/index.js";
import type { ResourceName } from "../../src/providers/contract/model.js";
import { espocrm8Subject, espocrmSubject } from "./espocrm/subject.js";
import { everything, listAll, plainAdapterOf } from "./stage/adapter.js";
import { openStage, READ_ACCOUNT, type Stage } from "./stage/stage.js";
import { resourceOf } from "./subject.js";

/** Servers of both versions have the same records, so that the adapter must read the same from them. */
describe("EspoCRM 8", () => {
  const { resources } = espocrm;
  const names = Object.keys(resources) as ResourceName[];
  let [older, newer]: Stage[] = [];
  beforeAll(async () => ([older, newer] = await Promise.all([openStage(espocrm8Subject), openStage(espocrmSubject)])));
  afterAll(() => Promise.all([older!.close(), newer!.close()]));

  /** What an operation gives at EspoCRM 8, and at EspoCRM 9. */
  async function atBoth<Result>(run: (stage: Stage) => Promise<Result>): Promise<[Result, Result]> {
    return Promise.all([run(older!), run(newer!)]);
  }

  test.each(names)("the %ss are those of EspoCRM 9, but for the links of video calls", async (resource) => {
    const adapter = plainAdapterOf(espocrm, resource);
    const lists = await atBoth(async (stage) => {
      const records = await listAll(adapter, stage.connect().context, { select: everything(adapter) });
      return records.map(({ nativeId, fields: { url: _url, videoUrl: _video, ...fields }, links }) => ({
        nativeId,
        fields,
        links,
      }));
    });
    expect(lists[0].length).toBeGreaterThan(100);
    expect(lists[0]).toEqual(lists[1]);
  });

  test.each(names)("filters find the same %ss", async (resource) => {
    const adapter = plainAdapterOf(espocrm, resource);
    const world = await newer!.makeWorld(READ_ACCOUNT);
    for (const [name, truth] of Object.entries(resourceOf(espocrmSubject, resource).filters)) {
      const [value] = truth.values(world);
      const [left, right] = await atBoth(async (stage) => {
        const records = await listAll(adapter, stage.connect().context, { filter: { [name]: value } });
        return records.map(({ nativeId }) => nativeId);
      });
      expect({ name, ids: left }).toEqual({ name, ids: right });
    }
  });

  test("many e-mail addresses find the same contacts", async () => {
    const adapter = plainAdapterOf(espocrm, "contact");
    const { records } = await newer!.makeWorld(READ_ACCOUNT);
    const addresses = [...records.contact.values()].flatMap(({ emailAddress: one }) => (one ? [String(one)] : []));
    const some = addresses.slice(0, adapter.byEmails!.batchSize);
    const [left, right] = await atBoth(async (stage) => {
      const found = await adapter.byEmails!.find(stage.connect().context, some, new Set());
      return [...found].map(([address, matches]) => [address, matches.records.map(({ nativeId }) => nativeId)]);
    });
    expect(left.length).toBe(some.length);
    expect(left).toEqual(right);
  });

  test("contacts of which one is deleted have the same meetings", async () => {
    const { links } = await newer!.makeWorld(READ_ACCOUNT);
    const ids = [espocrmSubject.absentId("contact", 1), ...[...links.contact["meetings"]!.keys()].slice(0, 19)];
    const { meetings } = plainAdapterOf(espocrm, "contact").edges;
    const [left, right] = await atBoth((stage) => meetings!.load(stage.connect().context, ids));
    expect([...left.keys()].sort()).toEqual(ids.slice(1).sort());
    expect(left).toEqual(right);
  });

  test("a filter by a field that the role hides is refused by its name", async () => {
    const errors = await atBoth((stage) => {
      const { context } = stage.connect({ account: "narrow" });
      return stage.failure(listAll(plainAdapterOf(espocrm, "contact"), context, { filter: { phone: "1" } }));
    });
    for (const { code, details } of errors)
      expect([code, Object.keys(details.errors!)]).toEqual(["INVALID_INPUT", ["filter.phone"]]);
  });
});
