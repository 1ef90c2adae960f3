import { byCreation, keyOfMember, type Member } from "./member.js";

/** The most rounds of look-ups after which a group must be closed. */
export const MAX_ROUNDS = 3;
/** An address under more names than this, among its first records, belongs to no single person. */
const NAMES_MAX = 5;
const NAMED_RECORDS = 50;

/** The records that an address finds in all CRMs that answered. */
export interface FoundMembers<One extends Member> {
  readonly members: readonly One[];
  /** Whether a CRM may have more records with the address than it was asked for. */
  readonly hasMore: boolean;
}

export type Lookup<One extends Member> = (
  addresses: readonly string[],
) => Promise<ReadonlyMap<string, FoundMembers<One>>>;

/** JOINS: its records belong to one person. CROWDED: it joins nothing. ENDLESS: nobody knows all its records. */
export type Verdict = "JOINS" | "CROWDED" | "ENDLESS";

interface Known<One extends Member> extends FoundMembers<One> {
  readonly verdict: Verdict;
}

/** Whether an address has few enough names to be the address of one person. */
export function verdictOf<One extends Member>({ members, hasMore }: FoundMembers<One>): Verdict {
  const first = members.toSorted(byCreation).slice(0, NAMED_RECORDS);
  const names = new Set(first.map(({ name }) => name).filter((name) => name !== ""));
  if (names.size > NAMES_MAX) return "CROWDED";
  return hasMore ? "ENDLESS" : "JOINS";
}

/** The addresses that an operation has looked up. Each is looked up once. */
export class KnownAddresses<One extends Member> {
  readonly #lookup: Lookup<One>;
  readonly #maxRounds: number;
  readonly #asked = new Map<string, Promise<void>>();
  readonly #known = new Map<string, Known<One>>();

  /** @param maxRounds the most rounds of one exploration */
  constructor(lookup: Lookup<One>, maxRounds = MAX_ROUNDS) {
    this.#lookup = lookup;
    this.#maxRounds = maxRounds;
  }

  /** Undefined if the address was not looked up. */
  get(address: string): Known<One> | undefined {
    return this.#known.get(address);
  }

  /**
   * Looks addresses up, then those of the records that they find, and so on: all addresses of a round together, and at
   * most three rounds.
   * @returns the number of rounds
   */
  async explore(addresses: readonly string[]): Promise<number> {
    for (let round = 1; round <= this.#maxRounds; round += 1) {
      const unknown = this.#unknownFrom(addresses);
      if (unknown.length === 0) return round - 1;
      await this.#ask(unknown);
    }
    return this.#maxRounds;
  }

  async #ask(addresses: readonly string[]): Promise<void> {
    const fresh = addresses.filter((address) => !this.#asked.has(address));
    if (fresh.length > 0) {
      const asking = this.#lookup(fresh).then((found) => {
        for (const address of fresh) {
          const one = found.get(address) ?? { members: [], hasMore: false };
          this.#known.set(address, { ...one, verdict: verdictOf(one) });
        }
      });
      for (const address of fresh) this.#asked.set(address, asking);
    }
    // Another field of the operation may have asked for some of them.
    await Promise.all(addresses.flatMap((address) => this.#asked.get(address) ?? []));
  }

  /** The addresses that the known ones lead to. */
  #unknownFrom(addresses: readonly string[]): string[] {
    const seen = new Set(addresses);
    const unknown: string[] = [];
    // A set can grow while it is walked.
    for (const address of seen) {
      const known = this.#known.get(address);
      if (!known) unknown.push(address);
      else if (known.verdict === "JOINS")
        for (const member of known.members) for (const further of member.addresses) seen.add(further);
    }
    return unknown;
  }
}

/** Each member once, in the order of creation. */
export function distinct<One extends Member>(members: Iterable<One>): One[] {
  const byKey = new Map<string, One>();
  for (const member of members) if (!byKey.has(keyOfMember(member))) byKey.set(keyOfMember(member), member);
  return [...byKey.values()].sort(byCreation);
}
