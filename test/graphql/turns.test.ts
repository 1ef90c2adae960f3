import { setImmediate as nextTurn } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "@jest/globals";
import DataLoader from "dataloader";
import { parse, type FragmentDefinitionNode, type FieldNode, type OperationDefinitionNode } from "graphql";
import { fieldsBelow, inTurns, PendingTurns } from "../../src/graphql/operation/turns.js";

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe("a list in turns", () => {
  // Each test begins in a turn of its own.
  beforeEach(() => nextTurn());

  test("is returned as it is if it is short, however many lists there are", () => {
    for (let list = 0; list < 1_000; list += 1) {
      const items = numbers(10);
      expect(inTurns(items, 40)).toBe(items);
    }
  });

  test("keeps its items and order, and yields to other work in between", async () => {
    let turnsOfOthers = 0;
    let done = false;
    const others = (async () => {
      for (; !done; turnsOfOthers += 1) await nextTurn();
    })();
    const items = await Promise.all(inTurns(numbers(2_000), 50));
    done = true;
    await others;
    expect(items).toEqual(numbers(2_000));
    expect(turnsOfOthers).toBeGreaterThanOrEqual(9);
  });

  test("many long lists take turns in their order of arrival", async () => {
    const lists = numbers(300).map((list) =>
      inTurns(
        numbers(100).map((item) => list * 100 + item),
        6,
      ),
    );
    expect(lists.filter((list) => list.some((item) => item instanceof Promise)).length).toBeGreaterThan(200);
    const order: number[] = [];
    await Promise.all(lists.flat().map(async (item) => order.push((await item) as number)));
    expect(order).toEqual(numbers(30_000));
  });

  test("two operations take turns", async () => {
    const order: string[] = [];
    const all = ["a", "b"].flatMap((name) =>
      inTurns(numbers(4), 10_000).map(async (item) => order.push(`${name}${String(await item)}`)),
    );
    await Promise.all(all);
    expect(order).toEqual(["a0", "a1", "a2", "a3", "b0", "b1", "b2", "b3"]);
  });

  test("loads of parts that wait share a batch, and a batch waits for no other operation", async () => {
    const pending = new PendingTurns();
    const batches: number[][] = [];
    const loader = new DataLoader<number, number>(async (keys) => (batches.push([...keys]), keys), {
      batchScheduleFn: pending.schedule,
    });
    // Each item of the list has a turn of its own.
    const items = inTurns(numbers(5), 10_000, pending);
    inTurns(numbers(20), 10_000, new PendingTurns());
    const load = async (item: unknown) => loader.load((await item) as number);
    expect(await Promise.all(items.map(load))).toEqual(numbers(5));
    expect(batches).toEqual([numbers(5)]);
    await loader.load(7);
    expect(batches).toEqual([numbers(5), [7]]);
  });

  test("an item that fails before its turn fails at its own position only", async () => {
    const items = inTurns([...numbers(5), Promise.reject(new Error("gone")), 6], 10_000);
    await nextTurn();
    const settled = await Promise.allSettled(items);
    expect(settled.map(({ status }) => status)).toEqual([
      ...Array<string>(5).fill("fulfilled"),
      "rejected",
      "fulfilled",
    ]);
  });
});

test("the fields below a field are counted through fragments", () => {
  const { definitions } = parse("{ a { b c { d } ... { e } ...F } } fragment F on T { f { g } }");
  const [{ selectionSet }, fragment] = definitions as [OperationDefinitionNode, FragmentDefinitionNode];
  expect(fieldsBelow(selectionSet.selections[0] as FieldNode, { F: fragment })).toBe(6);
});
