import { beforeEach, describe, expect, test } from "@jest/globals";
import { KnownRows, LOOKUP_TTL_MS } from "../../src/connections/access/known-rows.js";
import { ChangeListeners, OwnChanges, type StoreChanges } from "../../src/store/changes.js";
import { StillClock } from "../upstream/harness.js";

interface Row {
  id: string;
  name: string;
  version: number;
}

/** Announcements that a test lets arrive or not. */
class TestChanges extends ChangeListeners implements StoreChanges {
  until = -Infinity;

  heardUntil(readAt: number): number {
    return Math.max(readAt, this.until);
  }
}

let clock: StillClock;
let stored: Map<string, Row>;
let reads: number;
let errors: unknown[];
beforeEach(() => {
  clock = new StillClock();
  stored = new Map([["1", { id: "1", name: "one", version: 1 }]]);
  reads = 0;
  errors = [];
});

const find = async (id: string): Promise<Row | null> => {
  reads += 1;
  await Promise.resolve();
  return stored.get(id) ?? null;
};

function known(changes: StoreChanges, reread = (row: Row) => find(row.id)): KnownRows<Row> {
  const rows = new KnownRows<Row>({
    changes,
    monotonic: () => clock.monotonic(),
    nameOf: ({ name }) => name,
    reread,
    onBackgroundError: (error) => errors.push(error),
  });
  changes.subscribe(({ id }) => rows.forget(id));
  return rows;
}

const remember = (rows: KnownRows<Row>) =>
  rows.read(
    "one",
    () => find("1"),
    (row) => (row ? [row] : []),
  );
/** Lets what was begun in the background end. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("rows of which nobody announces changes", () => {
  test("are known for their life, and from half of it on read again while they are used", async () => {
    const rows = known(new TestChanges());
    await remember(rows);
    clock.leap(LOOKUP_TTL_MS / 2 - 1);
    expect(rows.byName("one")?.version).toBe(1);
    await settled();
    expect(reads).toBe(1);

    stored.set("1", { id: "1", name: "one", version: 2 });
    clock.leap(1);
    expect([rows.byName("one")?.version, rows.byId("1")?.version]).toEqual([1, 1]);
    await settled();
    expect([reads, rows.byName("one")?.version]).toEqual([2, 2]);
  });

  test("are unknown when their life is over", async () => {
    const rows = known(new TestChanges());
    await remember(rows);
    clock.leap(LOOKUP_TTL_MS);
    expect([rows.byName("one"), rows.byId("1")]).toEqual([undefined, undefined]);
    expect(reads).toBe(1);
  });

  test("are forgotten if the second reading finds them no more", async () => {
    const rows = known(new TestChanges());
    await remember(rows);
    stored.clear();
    clock.leap(LOOKUP_TTL_MS / 2);
    expect(rows.byId("1")).toBeDefined();
    await settled();
    expect(rows.byId("1")).toBeUndefined();
  });

  test("are used to the end of their life if they cannot be read, which is told once a second", async () => {
    const rows = known(new TestChanges(), () => Promise.reject(new Error("down")));
    await remember(rows);
    clock.leap(LOOKUP_TTL_MS / 2);
    for (let look = 0; look < 3; look += 1) expect(rows.byId("1")).toBeDefined();
    await settled();
    expect(errors.map(String)).toEqual(["Error: down"]);
    clock.leap(LOOKUP_TTL_MS / 2 - 1);
    expect(rows.byId("1")).toBeDefined();
    await settled();
    expect(errors).toHaveLength(2);
    clock.leap(1);
    expect(rows.byId("1")).toBeUndefined();
  });
});

describe("rows of which changes are announced", () => {
  test("are known as long as announcements arrive, and read again once a minute", async () => {
    const changes = new TestChanges();
    const rows = known(changes);
    await remember(rows);
    for (let second = 1; second < 60; second += 1) {
      clock.leap(1_000);
      changes.until = clock.monotonic() - 2_000;
      expect(rows.byName("one")).toBeDefined();
    }
    await settled();
    expect(reads).toBe(1);
    clock.leap(1_000);
    expect(rows.byName("one")).toBeDefined();
    await settled();
    expect(reads).toBe(2);
  });

  test("have their life from the moment on in which announcements stop", async () => {
    const changes = new TestChanges();
    const rows = known(changes, (row) => Promise.resolve(row));
    await remember(rows);
    clock.leap(20_000);
    changes.until = clock.monotonic();
    clock.leap(LOOKUP_TTL_MS - 1);
    expect(rows.byId("1")).toBeDefined();
    clock.leap(1);
    expect(rows.byId("1")).toBeUndefined();
  });

  test("are forgotten with the announcement", async () => {
    const changes = new OwnChanges();
    const rows = known(changes);
    await remember(rows);
    clock.leap(86_400_000);
    expect(rows.byName("one")).toBeDefined();
    changes.announce("connection 2");
    expect(rows.byName("one")).toBeDefined();
    changes.announce("connection 1");
    expect([rows.byName("one"), rows.byId("1"), reads]).toEqual([undefined, undefined, 1]);
  });

  test("are not remembered if the change comes while they are read", async () => {
    const changes = new OwnChanges();
    const rows = known(changes);
    const reading = remember(rows);
    changes.announce("connection 1");
    expect((await reading)?.version).toBe(1);
    expect(rows.byId("1")).toBeUndefined();
  });
});

describe("callers who ask at the same time", () => {
  test("share one read", async () => {
    const rows = known(new OwnChanges());
    await Promise.all([remember(rows), remember(rows), remember(rows)]);
    expect(reads).toBe(1);
  });

  test("after a change do not get what was read before it", async () => {
    const changes = new OwnChanges();
    const rows = known(changes);
    const early = Promise.withResolvers<void>();
    const before = rows.read(
      "one",
      async () => {
        const row = stored.get("1")!;
        await early.promise;
        return row;
      },
      (row) => [row],
    );
    stored.set("1", { id: "1", name: "one", version: 2 });
    changes.announce("connection 1");
    const after = remember(rows);
    early.resolve();
    expect([(await before).version, (await after)?.version]).toEqual([1, 2]);
    expect(rows.byId("1")?.version).toBe(2);
  });

  test("after a failure read again", async () => {
    const rows = known(new OwnChanges());
    const failing = () =>
      rows.read(
        "one",
        () => Promise.reject(new Error("down")),
        () => [],
      );
    await expect(failing()).rejects.toThrow("down");
    expect((await remember(rows))?.version).toBe(1);
  });
});

test("what is amended is known, and what is not known is not amended", async () => {
  const rows = known(new OwnChanges());
  await remember(rows);
  rows.amend("1", { version: 7 });
  rows.amend("2", { version: 7 });
  expect([rows.byName("one")?.version, rows.byId("2")]).toEqual([7, undefined]);
});
