import { expect, test } from "@jest/globals";
import { contest, ratiosOf } from "../../bench/contest.js";
import { lineOf } from "../../bench/peers/cost-lines.js";
import { Report } from "../../bench/report.js";

/** A server that uses as much CPU as it is told for each query, and more in its first queries. */
class Server {
  queries = 0;
  #cpuMs = 0;

  constructor(
    readonly name: string,
    readonly ms: number,
    readonly cold: number,
    readonly log: string[],
  ) {}

  ask(question: string) {
    expect(question).toBe("usage");
    return Promise.resolve({ cpuMs: this.#cpuMs });
  }

  readonly post = () => {
    if (this.log.at(-1) !== this.name) this.log.push(this.name);
    this.#cpuMs += this.queries < this.cold ? 100 : this.ms;
    this.queries += 1;
    return Promise.resolve();
  };
}

test("servers are loaded in turn, in both orders, and their first rounds are not counted", async () => {
  const log: string[] = [];
  const servers = [new Server("a", 2, 10, log), new Server("b", 1, 10, log)];
  const contestants = servers.map((server) => ({ server, post: server.post }));
  const cpu = await contest(contestants, { rounds: 4, queries: 10, clients: 3, warmUp: 1 });
  expect(cpu).toEqual([
    [2, 2, 2, 2],
    [1, 1, 1, 1],
  ]);
  expect(ratiosOf(cpu[0]!, cpu[1]!)).toEqual([2, 2, 2, 2]);
  expect(servers.map(({ queries }) => queries)).toEqual([50, 50]);
  // Whoever ends a round begins the next one.
  expect(log.join("")).toBe("bababa");
});

test("a contestant may have a number of queries of its own", async () => {
  const server = new Server("a", 3, 0, []);
  const [cpu] = await contest([{ server, post: server.post, queries: 7 }], { rounds: 2, queries: 10, warmUp: 0 });
  expect(cpu).toEqual([3, 3]);
  expect(server.queries).toBe(14);
});

test("a straight line costs as much in its second half as in its first, and a curve more", () => {
  const at = (cost: (size: number) => number) => [10, 20, 30].map((size) => ({ size, ms: cost(size) }));
  const straight = lineOf(at((size) => 2 + size / 10));
  expect(straight.base).toBeCloseTo(2);
  expect(straight.perUnit).toBeCloseTo(100);
  expect(straight.bend).toBeCloseTo(1);
  expect(
    lineOf(
      at((size) => 2 + size / 10),
      50,
    ).perUnit,
  ).toBeCloseTo(2);
  expect(lineOf(at((size) => size * size)).bend).toBeCloseTo(500 / 300);
});

test("a goal can be a least as well as a most, and what two tables miss is told once", () => {
  const report = new Report();
  const atLeast = { atLeast: true };
  expect([report.verdict("two workers", 1.8, 1.7, atLeast), report.verdict("two workers", 1.7, 1.7, atLeast)]).toEqual([
    "met",
    "met",
  ]);
  expect(report.verdict("two workers", 1.6, 1.7, atLeast)).toBe("**MISSED**");
  expect(report.verdict("one tenant", 1.2, 1.2)).toBe("met");
  for (const value of [1.3, 1.3]) expect(report.verdict("one tenant", value, 1.2)).toBe("**MISSED**");
  expect(report.missed).toEqual(["two workers: 1.6, at least 1.7", "one tenant: 1.3, at most 1.2"]);
});
