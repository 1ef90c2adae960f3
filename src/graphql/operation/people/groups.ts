import { distinct, MAX_ROUNDS, type KnownAddresses } from "./known-addresses.js";
import { keyOfMember, type Member } from "./member.js";

/** Groups of more records are not joined: real people have fewer, and an answer must have an end. */
export const GROUP_MAX = 100;

/** The records of one person. */
export interface Group<One extends Member> {
  /** Older records first. */
  members: readonly One[];
  /** The personal addresses of the members that were looked up and belong to one person. */
  addresses: readonly string[];
  /**
   * False if three rounds did not find all records that belong together. Then each of them is a person of its own.
   */
  isClosed: boolean;
}

/**
 * The group of a record, as the known addresses make it. It is the same from each of its members: a group is joined only if
 * three rounds find all of it, whichever of its members they begin with.
 */
export function groupOf<One extends Member>(member: One, known: KnownAddresses<One>): Group<One> {
  const walked = walk([member], member.addresses, known);
  return walked && isReachable(walked.members, known)
    ? { ...walked, isClosed: true }
    : { members: [member], addresses: joiningOf(member, known), isClosed: false };
}

/** The group of the records with an address. Null if the address belongs to no single person, or to nobody. */
export function groupOfAddress<One extends Member>(address: string, known: KnownAddresses<One>): Group<One> | null {
  const found = known.get(address);
  const [oldest] = distinct(found?.members ?? []);
  return oldest && found?.verdict !== "CROWDED" ? groupOf(oldest, known) : null;
}

/** The records that addresses lead to. Null if they lead to an address whose records are not known. */
function walk<One extends Member>(
  members: readonly One[],
  addresses: readonly string[],
  known: KnownAddresses<One>,
): Pick<Group<One>, "members" | "addresses"> | null {
  const all = new Map(members.map((member) => [keyOfMember(member), member]));
  const seen = new Set(addresses);
  const joining: string[] = [];
  for (const address of seen) {
    const found = known.get(address);
    if (!found || found.verdict === "ENDLESS") return null;
    if (found.verdict === "CROWDED") continue;
    joining.push(address);
    for (const member of found.members) {
      const key = keyOfMember(member);
      if (!all.has(key)) all.set(key, member);
      for (const further of member.addresses) seen.add(further);
    }
    if (all.size > GROUP_MAX) return null;
  }
  return { members: distinct(all.values()), addresses: joining };
}

/** Whether three rounds find the whole group from each of its members. */
function isReachable<One extends Member>(members: readonly One[], known: KnownAddresses<One>): boolean {
  return members.every((member) => roundsFrom(member, known) <= MAX_ROUNDS);
}

/** The number of rounds that find the group of a member, if nothing is known before. */
function roundsFrom<One extends Member>(member: One, known: KnownAddresses<One>): number {
  const seen = new Set<string>();
  let next: readonly string[] = member.addresses;
  let rounds = 0;
  while (next.length > 0) {
    rounds += 1;
    for (const address of next) seen.add(address);
    const found = next.flatMap((address) => {
      const one = known.get(address);
      return one?.verdict === "JOINS" ? one.members : [];
    });
    next = [...new Set(found.flatMap(({ addresses }) => addresses))].filter((address) => !seen.has(address));
  }
  return rounds;
}

function joiningOf<One extends Member>(member: One, known: KnownAddresses<One>): string[] {
  return member.addresses.filter((address) => known.get(address)?.verdict === "JOINS");
}
