import { describe, expect, test } from "@jest/globals";
import { CrmError } from "../../src/errors/crm-error.js";
import type { ListQuery, ProviderContext } from "../../src/providers/contract/contract.js";
import { FieldProblem, type FieldMap, type NativeRecord } from "../../src/providers/contract/field-map.js";
import { resourceAdapter } from "../../src/providers/kit/resource-kit.js";
import type { NativePage, ResourceCalls, ResourceRules, WriteAnswers } from "../../src/providers/kit/resource-rules.js";
import { Sifted } from "../../src/providers/kit/sifted.js";
import { fieldKit } from "../../src/providers/mapping/field-kit.js";
import { jsonDialect } from "../../src/providers/mapping/json-dialect.js";
import { withIdWrites } from "../support/id-writes.js";

const kit = fieldKit(jsonDialect("Acme"));

const context: ProviderContext = {
  origin: "https://acme.example",
  send: () => Promise.reject(new Error("These resources call no CRM.")),
  setting: () => "",
  memo: (_key, load) => load(context),
  forget: () => undefined,
};

const contactMap: FieldMap<"contact"> = {
  resource: "contact",
  providerName: "Acme",
  nativeName: "people",
  identity: ["id"],
  fields: {
    fullName: { ...kit.text("name"), read: ({ name }) => String(name) },
    tags: { reads: ["tags"], read: ({ tags }) => tags as string[], write: kit.input<string[]>("tags") },
  },
  inputs: { ownerId: kit.input<string>("owner") },
  required: [],
  filters: {
    name: (name: string) => new Sifted({ has: name }, (record) => record["name"] === name, ["name", "nick"]),
    search: (term: string) => ({ term }),
  },
  orders: {},
  custom: { isKey: (key) => key.startsWith("own_"), read: (value) => value, write: (value) => value },
};

const COST = { list: () => ({ calls: 1 }), read: () => ({ calls: 1 }) };

/** A resource that counts its calls. */
function resource({
  calls: own = {},
  ...rules
}: Partial<Omit<ResourceRules<"contact", object>, "calls">> & {
  calls?: Partial<ResourceCalls<"contact", object>>;
} = {}) {
  const written: NativeRecord[] = [];
  const reads: (readonly string[])[] = [];
  const calls: ResourceCalls<"contact", object> = {
    batchSize: 10,
    isId: (text) => /^\d+$/.test(text),
    list: () => Promise.resolve({ records: [], next: null }),
    read(_context, ids, { fields }) {
      reads.push(fields);
      return Promise.resolve(ids.filter((id) => id !== "404").map((id) => ({ id, name: `Person ${id}` })));
    },
    create: (_context, native) => Promise.resolve({ id: String(written.push(native)), record: null }),
    update(_context, _id, native) {
      written.push(native);
      return Promise.resolve(null);
    },
    ...own,
  };
  const adapter = resourceAdapter<"contact", object>({ map: contactMap, cost: COST, ...rules, calls });
  return { written, reads, adapter, ...withIdWrites(adapter) };
}

async function failure(run: Promise<unknown>): Promise<CrmError> {
  const error: unknown = await run.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof CrmError) return error;
  throw new Error(`Expected a CrmError, got ${String(error)}.`);
}

describe("look-ups before a write", () => {
  test("all problems of all look-ups are reported together, in the order of the look-ups, and nothing is written", async () => {
    const { create, written } = resource({
      customFields: () => Promise.resolve([{ key: "own_size", label: "Size", type: "NUMBER" }]),
      references: { ownerId: (_context, ids) => Promise.resolve(new Set(ids.filter((id) => id === "1"))) },
      lookups: [
        async (_context, { native, refuse }) => {
          // Answers after the others.
          for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
          for (const [index, tag] of (native["tags"] as string[]).entries()) {
            if (tag !== "vip") refuse("tags", `Acme has no tag ${tag}.`, String(index));
          }
        },
        () => {
          throw new FieldProblem("Acme has no such name.", "", "fullName");
        },
      ],
    });
    const input = {
      fullName: "Ann",
      ownerId: "7",
      tags: ["no-such", "vip", "nor-this"],
      customFields: [
        { key: "own_size", value: 4 },
        { key: "own_shoe", value: 4 },
      ],
    };
    const { code, details } = await failure(create(context, input));
    expect([code, Object.entries(details.errors!)]).toEqual([
      "INVALID_INPUT",
      [
        ["input.customFields.own_shoe", "Acme has no custom field with this key."],
        ["input.ownerId", "Acme has no record with the id 7."],
        ["input.tags.0", "Acme has no tag no-such."],
        ["input.tags.2", "Acme has no tag nor-this."],
        ["input.fullName", "Acme has no such name."],
      ],
    ]);
    expect(written).toEqual([]);
  });

  test("look-ups run at the same time, and what they change is written", async () => {
    const { promise: second, resolve: secondStarted } = Promise.withResolvers<string>();
    const { create, written } = resource({
      lookups: [
        async (_context, { native }) => void (native["first"] = await second),
        (_context, { native }) => {
          native["owner"] = `user ${String(native["owner"])}`;
          secondStarted("after the second");
        },
      ],
    });
    await create(context, { ownerId: "7" });
    expect(written).toEqual([{ owner: "user 7", first: "after the second" }]);
  });

  test("a look-up that the CRM does not answer fails the write with its own error", async () => {
    const { create, written } = resource({
      lookups: [
        (_context, { refuse }) => refuse("tags", "Acme has no such tag."),
        () => Promise.reject(new CrmError("PROVIDER_UNAVAILABLE")),
      ],
    });
    expect((await failure(create(context, { fullName: "Ann" }))).code).toBe("PROVIDER_UNAVAILABLE");
    expect(written).toEqual([]);
  });

  test("one read answers the fields of the existing record that an update depends on", async () => {
    const seen: unknown[] = [];
    const { create, update, reads, written } = resource({
      current: ({ tags }) => (tags === undefined ? [] : ["labels", "colours"]),
      lookups: [(_context, { id, current }) => void seen.push([id, current?.["name"] ?? null])],
    });
    await create(context, { tags: ["vip"] });
    await update(context, "5", { tags: ["vip"] });
    await update(context, "6", { fullName: "Ann" });
    expect(seen).toEqual([
      [null, null],
      ["5", "Person 5"],
      ["6", null],
    ]);
    expect(reads).toEqual([["id", "labels", "colours"]]);
    expect((await failure(update(context, "404", { tags: [] }))).code).toBe("CONTACT_NOT_FOUND");
    expect(written).toHaveLength(3);
  });

  test("the times that an update leaves out come from the same read", async () => {
    const START = "2026-06-10T09:00:00.000Z";
    const END = "2026-06-10T10:00:00.000Z";
    const map: FieldMap<"meeting"> = {
      resource: "meeting",
      providerName: "Acme",
      nativeName: "events",
      identity: ["id"],
      fields: {
        startAt: { reads: ["start"], read: ({ start }) => String(start) },
        endAt: kit.readOnlyDateTime("end"),
        isAllDay: { reads: ["days"], read: ({ days }) => days === true },
      },
      inputs: { contactIds: kit.input<string[]>("people") },
      composites: [
        kit.times({
          native: [],
          allDay: true,
          needsEnd: "UNLESS_ALL_DAY",
          write: ({ startAt, endAt, isAllDay }) => ({ start: startAt, end: endAt, days: isAllDay }),
        }),
      ],
      required: ["startAt", ["endAt", "isAllDay"]],
      filters: {},
      orders: {},
    };
    const reads: (readonly string[])[] = [];
    const written: NativeRecord[] = [];
    const meetings = resourceAdapter<"meeting", object>({
      map,
      cost: COST,
      current: ({ contactIds }) => (contactIds === undefined ? [] : ["people"]),
      calls: {
        batchSize: 1,
        isId: () => true,
        list: () => Promise.resolve({ records: [], next: null }),
        read(_context, [id], { fields }) {
          reads.push(fields);
          return Promise.resolve([{ id, start: START, end: END, days: false }]);
        },
        update(_context, _id, native) {
          written.push(native);
          return Promise.resolve(null);
        },
      },
    });
    const { update } = withIdWrites(meetings);
    const startAt = new Date("2026-06-10T09:30:00.000Z");
    await update(context, "1", { startAt, contactIds: ["7"] });
    expect(reads).toEqual([["id", "start", "end", "days", "people"]]);
    expect(written).toEqual([{ start: startAt, end: new Date(END), days: false, people: ["7"] }]);
    const endless = await failure(update(context, "1", { endAt: null }));
    expect([endless.code, Object.keys(endless.details.errors!)]).toEqual(["MISSING_REQUIRED", ["input.endAt"]]);
  });
});

describe("filters that the CRM applies only in part", () => {
  const query = (filter: ListQuery<"contact">["filter"]): ListQuery<"contact"> => {
    return { filter, orderBy: null, limit: 2, cursor: null, select: new Set(["fullName"]) };
  };

  /** Lists pages by their index. */
  function listing(pages: readonly (readonly string[])[]) {
    const asked: { conditions: readonly object[]; fields: readonly string[]; cursor: string | null }[] = [];
    const { list } = resource({
      calls: {
        list(_context, { conditions, reading, cursor }): Promise<NativePage> {
          asked.push({ conditions, fields: reading.fields, cursor });
          const page = Number(cursor ?? 0);
          const records = pages[page]!.map((name, index) => ({ id: `${page}${index}`, name }));
          return Promise.resolve({ records, next: page + 1 < pages.length ? String(page + 1) : null });
        },
      },
    });
    return { list, asked };
  }

  test("the CRM is asked for exact conditions first and for the fields of the check, and the rest is sifted", async () => {
    const { list, asked } = listing([["Ann", "Anna"], ["Ann"]]);
    const page = await list(context, query({ name: "Ann", search: "a" }));
    expect(asked).toEqual([
      { conditions: [{ term: "a" }, { has: "Ann" }], fields: ["id", "name", "nick"], cursor: null },
    ]);
    expect([page.records.map(({ nativeId }) => nativeId), page.next]).toEqual([["00"], "1"]);
  });

  test("a page without a match is an empty page with a next one: its caller reads on", async () => {
    const { list, asked } = listing([["Bob"], ["Ann"]]);
    expect(await list(context, query({ name: "Ann" }))).toMatchObject({ records: [], next: "1" });
    expect(asked.map(({ cursor }) => cursor)).toEqual([null]);
  });
});

describe("columns of an account", () => {
  const refused = (outcome?: "PARTIAL") =>
    new CrmError("INVALID_INPUT", { errors: { tags: "Acme has no such column." }, ...(outcome && { outcome }) });

  /** An account without tags, and the writes that reach its CRM. */
  function accountWithoutTags(error: CrmError) {
    const sent: NativeRecord[] = [];
    const { create } = resource({
      columns: {
        definition: "columns",
        load: () => Promise.resolve({ has: (column) => column !== "tags", isWritable: (column) => column !== "tags" }),
        isRefusal: ({ details }) => "tags" in (details.errors ?? {}),
      },
      calls: {
        create(_context, native) {
          sent.push(native);
          return "tags" in native ? Promise.reject(error) : Promise.resolve({ id: "1", record: null });
        },
      },
    });
    return { sent, create };
  }

  test("a create that is refused because of an absent column runs again without it", async () => {
    const { create, sent } = accountWithoutTags(refused());
    expect(await create(context, { fullName: "Ann", tags: [] })).toBe("1");
    expect(sent).toEqual([{ name: "Ann", tags: [] }, { name: "Ann" }]);
  });

  test("a create of which a part is done does not run again", async () => {
    const { create, sent } = accountWithoutTags(refused("PARTIAL"));
    const error = await failure(create(context, { fullName: "Ann", tags: [] }));
    expect(error.details.outcome).toBe("PARTIAL");
    expect(sent).toHaveLength(1);
  });
});

describe("the record after a write", () => {
  const NAME = new Set(["fullName"]);
  const BOTH = new Set(["fullName", "tags"]);
  /** A CRM that answers writes with the names that were written. */
  const answers: WriteAnswers = { holds: (name, { writes }) => writes.has(name), hasAll: (native) => "name" in native };
  const answering = (record: NativeRecord | null, isAnswered = true) =>
    resource({
      ...(isAnswered && { answers }),
      calls: {
        create: (_context, native) => Promise.resolve({ id: "1", record: record && { id: "1", ...native, ...record } }),
        update: (_context, id, native) => Promise.resolve(record && { id, ...native, ...record }),
      },
    });

  test("is made of the answer if it holds everything that is selected, and nothing is read", async () => {
    const { adapter, reads } = answering({ name: "Ann (as stored)" });
    const created = await adapter.create!(context, { fullName: "Ann" }, NAME);
    expect([created.nativeId, (await created.record!()).fields]).toEqual(["1", { fullName: "Ann (as stored)" }]);
    const updated = await adapter.update!(context, "5", { fullName: "Ann" }, NAME);
    expect([updated.nativeId, (await updated.record!()).fields]).toEqual(["5", { fullName: "Ann (as stored)" }]);
    expect(reads).toEqual([]);
    expect(adapter.cost.answered({ mode: "create", input: { fullName: "Ann" } }, NAME)).toEqual({ calls: 0 });
  });

  test.each([
    ["a field that the answer does not hold", { fullName: "Ann" }, BOTH],
    ["the CRM's own form", { fullName: "Ann" }, new Set(["fullName", "raw"])],
    ["custom fields", { fullName: "Ann" }, new Set(["fullName", "customFields"])],
    ["nothing", { fullName: "Ann" }, new Set<string>()],
    ["a field that a create leaves out", { fullName: "Ann", tags: null }, BOTH],
  ])("is not made of the answer if the caller selects %s, and the price knows", async (_what, input, select) => {
    const { adapter } = answering({ name: "Ann" });
    expect(adapter.cost.answered({ mode: "create", input }, select)).toBeNull();
    expect((await adapter.create!(context, input, select)).record).toBeUndefined();
  });

  test("is never made of the answer of a CRM that declares none", async () => {
    const { adapter } = answering({ name: "Ann" }, false);
    expect(adapter.cost.answered({ mode: "update", input: { fullName: "Ann" } }, NAME)).toBeNull();
    expect((await adapter.update!(context, "5", { fullName: "Ann" }, NAME)).record).toBeUndefined();
  });

  test("is read as a part of the write if the answer lacks what it should hold", async () => {
    for (const record of [null, { name: undefined }]) {
      const { adapter, reads } = resource({
        answers,
        calls: { update: (_context, id) => Promise.resolve(record && { id }) },
      });
      const { record: made } = await adapter.update!(context, "5", { fullName: "Ann" }, NAME);
      expect([(await made!()).fields, reads]).toEqual([{ fullName: "Person 5" }, [["id", "name"]]]);
    }
  });

  test("fails alone, and not the write, if it cannot be read", async () => {
    const unavailable = new CrmError("PROVIDER_UNAVAILABLE");
    const { adapter } = resource({
      answers,
      calls: { update: () => Promise.resolve(null), read: () => Promise.reject(unavailable) },
    });
    const { record } = await adapter.update!(context, "5", { fullName: "Ann" }, NAME);
    expect((await failure(record!())).code).toBe("PROVIDER_UNAVAILABLE");
  });

  test("is not that of another record", async () => {
    const { adapter } = answering({ id: "7", name: "Bob" });
    const { record } = await adapter.update!(context, "5", { fullName: "Ann" }, NAME);
    expect((await failure(record!())).details.detail).toContain("names another contact");
  });
});
