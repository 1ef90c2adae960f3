import { KnownAddresses, type FoundMembers } from "../../../src/graphql/operation/people/known-addresses.js";
import type { Member } from "../../../src/graphql/operation/people/member.js";
import type { Random } from "../../../src/sandbox/kit/random.js";

/** A record of an imagined CRM, with the person that it is made of. */
export interface Imagined extends Member {
  readonly person: number;
}

export interface WorldOptions {
  people: number;
  connections: number;
  /** Few different times, so that many are equal. */
  times: number;
}

/** People with records at several CRMs, which have some of the person's addresses each. */
export function imagine(random: Random, { people, connections, times }: WorldOptions): Imagined[] {
  const records: Imagined[] = [];
  for (let person = 0; person < people; person += 1) {
    const addresses = Array.from({ length: random.integer(0, 3) }, (_, index) => `p${person}.${index}@example.com`);
    for (let count = random.integer(1, 4); count > 0; count -= 1) {
      records.push({
        person,
        connectionId: `con_${random.integer(0, connections - 1)}`,
        nativeId: `${person}-${records.length}`,
        name: `person ${person}`,
        addresses: addresses.filter(() => random.chance(0.7)),
        createdAt: random.chance(0.05) ? Infinity : random.integer(1, times),
      });
    }
  }
  return records;
}

export interface LookedUp {
  known: KnownAddresses<Imagined>;
  /** The addresses of each round. */
  rounds: (readonly string[])[];
}

/** The addresses of some records, looked up in all CRMs but the failing ones. */
export function lookedUp(records: readonly Imagined[], failing: ReadonlySet<string> = new Set()): LookedUp {
  const rounds: (readonly string[])[] = [];
  const known = new KnownAddresses<Imagined>(async (addresses) => {
    rounds.push(addresses);
    const found = new Map<string, FoundMembers<Imagined>>();
    for (const address of addresses) {
      const members = records.filter(
        (record) => record.addresses.includes(address) && !failing.has(record.connectionId),
      );
      if (members.length > 0) found.set(address, { members, hasMore: false });
    }
    return found;
  });
  return { known, rounds };
}

/** The groups that all shared addresses make, without a bound of rounds. */
export function trueGroups(records: readonly Imagined[]): Map<Imagined, Set<Imagined>> {
  const groups = new Map(records.map((record) => [record, new Set([record])]));
  for (const one of records) {
    for (const other of records) {
      if (!one.addresses.some((address) => other.addresses.includes(address))) continue;
      const [first, second] = [groups.get(one)!, groups.get(other)!];
      if (first === second) continue;
      for (const record of second) {
        first.add(record);
        groups.set(record, first);
      }
    }
  }
  return groups;
}
