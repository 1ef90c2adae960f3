import { describe, expect, test } from "@jest/globals";
import { groupOf, groupOfAddress } from "../../../src/graphql/operation/people/groups.js";
import { MAX_ROUNDS, verdictOf } from "../../../src/graphql/operation/people/known-addresses.js";
import { comparableName } from "../../../src/graphql/operation/people/member.js";
import { Random } from "../../../src/sandbox/kit/random.js";
import { imagine, lookedUp, trueGroups, type Imagined } from "./world.js";

let made = 0;
const record = (addresses: string[], more: Partial<Imagined> = {}): Imagined => ({
  person: 0,
  connectionId: "con_a",
  nativeId: String((made += 1)),
  name: "ada lovelace",
  addresses,
  createdAt: made,
  ...more,
});
const idsOf = (members: readonly Imagined[]) => members.map(({ nativeId }) => nativeId).sort();

describe("a group", () => {
  test("has all records that shared addresses connect, from whichever of them it is formed", async () => {
    for (let seed = 0; seed < 60; seed += 1) {
      const records = imagine(new Random(`groups ${seed}`), { people: 12, connections: 4, times: 9 });
      const expected = trueGroups(records);
      for (const one of records) {
        // Each from nothing, as another operation would.
        const { known, rounds } = lookedUp(records);
        await known.explore(one.addresses);
        expect(rounds.length).toBeLessThanOrEqual(MAX_ROUNDS);
        const group = groupOf(one, known);
        expect(group.isClosed).toBe(true);
        expect(idsOf(group.members)).toEqual(idsOf([...expected.get(one)!]));
        expect(new Set(rounds.flat()).size).toBe(rounds.flat().length);
      }
    }
  });

  test("that three rounds do not close from each of its records is not joined from any of them", async () => {
    for (const length of [2, 3, 4, 5, 6, 9]) {
      // Each record shares one address with the next.
      const chain = Array.from({ length }, (_, index) => record([`${index}@example.com`, `${index + 1}@example.com`]));
      const sizes = [];
      for (const one of chain) {
        const { known } = lookedUp(chain);
        await known.explore(one.addresses);
        const { members, isClosed } = groupOf(one, known);
        expect(isClosed).toBe(members.length > 1);
        sizes.push(members.length);
      }
      // The first record needs a round for each pair of addresses.
      expect(new Set(sizes)).toEqual(new Set([length <= 3 ? length : 1]));
    }
  });

  test("does not depend on what else the operation has looked up", async () => {
    const chain = Array.from({ length: 6 }, (_, index) => record([`${index}@example.com`, `${index + 1}@example.com`]));
    const { known } = lookedUp(chain);
    await known.explore(chain.flatMap(({ addresses }) => addresses));
    for (const one of chain) expect(groupOf(one, known)).toMatchObject({ isClosed: false, members: [one] });
  });

  test("of more than 100 records is not joined", async () => {
    const many = Array.from({ length: 101 }, () => record(["same@example.com"]));
    const { known } = lookedUp(many);
    await known.explore(["same@example.com"]);
    expect(groupOf(many[0]!, known).isClosed).toBe(false);
    expect(groupOf(many[100]!, known)).toMatchObject({ members: [many[100]] });
  });

  test("asks for an address once, and for nothing that is known", async () => {
    const records = [record(["a@example.com", "b@example.com"]), record(["b@example.com", "c@example.com"])];
    const { known, rounds } = lookedUp(records);
    await Promise.all([known.explore(["a@example.com"]), known.explore(["a@example.com", "b@example.com"])]);
    await known.explore(["c@example.com"]);
    expect(rounds.flat().sort()).toEqual(["a@example.com", "b@example.com", "c@example.com"]);
  });

  test("of an address that nobody has is none", async () => {
    const { known } = lookedUp([]);
    await known.explore(["nobody@example.com"]);
    expect(groupOfAddress("nobody@example.com", known)).toBeNull();
  });
});

describe("an address under many names", () => {
  const crowd = (names: number) =>
    Array.from({ length: names }, (_, index) => record(["desk@example.com"], { name: `name ${index}` }));

  test("joins up to 5 of them, and nothing beyond", async () => {
    for (const names of [5, 6]) {
      const records = [...crowd(names), record(["desk@example.com", "own@example.com"], { name: "name 0" })];
      const { known } = lookedUp(records);
      await known.explore(["desk@example.com", "own@example.com"]);
      const own = groupOf(records.at(-1)!, known);
      expect(own.isClosed).toBe(true);
      expect(own.members).toHaveLength(names === 5 ? records.length : 1);
      expect(own.addresses).toEqual(names === 5 ? ["desk@example.com", "own@example.com"] : ["own@example.com"]);
      expect(groupOfAddress("desk@example.com", known) === null).toBe(names === 6);
    }
  });

  test("is judged by its first 50 records", () => {
    const same = Array.from({ length: 50 }, (_, index) => record([], { name: "one name", createdAt: index }));
    const later = Array.from({ length: 9 }, (_, index) =>
      record([], { name: `other ${index}`, createdAt: 100 + index }),
    );
    expect(verdictOf({ members: [...later, ...same], hasMore: false })).toBe("JOINS");
    const earlier = later.map((one) => ({ ...one, createdAt: -1 }));
    expect(verdictOf({ members: [...same, ...earlier], hasMore: false })).toBe("CROWDED");
    expect(verdictOf({ members: same, hasMore: true })).toBe("ENDLESS");
  });

  test("counts a name once, however it is written", () => {
    expect(comparableName("  Lovelace, ADA ")).toBe(comparableName("Ada Lovelace"));
    expect(comparableName("Zoë Müller")).toBe(comparableName("zoe muller"));
    expect(comparableName("Ada Lovelace")).not.toBe(comparableName("Ada Byron"));
    expect([comparableName("ada@example.com"), comparableName(null), comparableName(" - ")]).toEqual(["", "", ""]);
    const unnamed = Array.from({ length: 9 }, () => record([], { name: "" }));
    expect(verdictOf({ members: unnamed, hasMore: false })).toBe("JOINS");
  });
});
