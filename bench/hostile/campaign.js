import { caseOf } from "./families.js";

/** Complaints about one family that are kept with their cases; more of the same kind are only counted. */
const EXAMPLES = 3;

/** Sends the cases of families to a server, judges the answers, and counts. */
export class Campaign {
  /** family → { sent, kinds: code → count, largestAnswer: bytes } */
  tallies = new Map();
  /** "family: complaint" → { count, cases } */
  complaints = new Map();
  /** Names of the cases that wait for their answer. */
  inFlight = new Set();
  #seed;
  #targets;
  #wire;
  #judge;
  #onStart;
  #hasServerEnded;
  #isAbandoned = false;
  #next = new Map();

  /**
   * @param {{
   *   seed: string, targets: object, wire: import("./wire.js").Wire, judge: import("./judge.js").Judge,
   *   onStart?: (underWay: Iterable<string>) => void, hasServerEnded?: () => Promise<boolean>,
   * }} parts `onStart` is given the names of all cases under way before another one is sent; `hasServerEnded` tells why
   * there is no answer
   */
  constructor({ seed, targets, wire, judge, onStart = () => {}, hasServerEnded = async () => false }) {
    this.#seed = seed;
    this.#targets = targets;
    this.#wire = wire;
    this.#judge = judge;
    this.#onStart = onStart;
    this.#hasServerEnded = hasServerEnded;
  }

  /** The same campaign against a server that was started anew. */
  moveTo({ targets, wire }) {
    this.#targets = targets;
    this.#wire = wire;
    this.inFlight.clear();
    this.#isAbandoned = false;
  }

  get sent() {
    return [...this.tallies.values()].reduce((sum, { sent }) => sum + sent, 0);
  }

  /**
   * The next `count` cases of a family, `parallel` of them at a time.
   * @param isOver called before each case; true ends the batch
   */
  async batch(family, count, { parallel, isOver = () => false }) {
    let left = count;
    const caller = async () => {
      while (left > 0 && !isOver() && !this.#isAbandoned) {
        left -= 1;
        const index = this.#next.get(family.name) ?? 0;
        this.#next.set(family.name, index + 1);
        await this.one(family, index);
      }
    };
    await Promise.all(Array.from({ length: Math.min(parallel, count) }, caller));
  }

  /** One case, e.g. one that is to be repeated. */
  async one(family, index) {
    const hostile = caseOf(family, index, this.#seed, this.#targets);
    const { name } = hostile;
    this.inFlight.add(name);
    this.#onStart(this.inFlight);
    const { answers, cut } = await this.#wire.send(hostile, name);
    // A server that ended is blamed by those who watch it, not once for every caller that it left.
    if (cut && (this.#isAbandoned || (await this.#hasServerEnded()))) {
      this.#isAbandoned = true;
      return;
    }
    this.inFlight.delete(name);
    const tally = this.#tallyOf(family.name);
    tally.sent += 1;
    for (const answer of answers) {
      tally.largestAnswer = Math.max(tally.largestAnswer, answer.text.length);
      for (const kind of this.#judge.kindsOf(answer)) tally.kinds.set(kind, (tally.kinds.get(kind) ?? 0) + 1);
      for (const complaint of this.#judge.complaints(answer, hostile)) this.complain(hostile, complaint);
    }
    const missing = this.#missing(hostile, answers.length, cut);
    if (missing) this.complain(hostile, missing);
    if (answers.length === 0) tally.kinds.set("no answer", (tally.kinds.get("no answer") ?? 0) + 1);
  }

  /** @param about the case, or { family, name } of it */
  complain({ family, variant = "", name }, complaint) {
    const key = `${family}${variant ? `/${variant}` : ""}: ${complaint}`;
    const known = this.complaints.get(key) ?? { count: 0, cases: [] };
    known.count += 1;
    if (known.cases.length < EXAMPLES) known.cases.push(name);
    this.complaints.set(key, known);
  }

  /** Complains of families that got nowhere. */
  complainOfUnreached(families) {
    for (const { name, reaches = [] } of families) {
      for (const kind of reaches) {
        if (!this.#tallyOf(name).kinds.has(kind))
          this.complain({ family: name, name }, `none of its answers is ${kind}`);
      }
    }
  }

  /** One line for each kind of complaint, with cases to repeat. */
  describe() {
    return [...this.complaints].map(([what, { count, cases }]) => `${what} (${count} ×, ${cases.join(", ")})`);
  }

  #missing({ raw, hangUpMs, mayCut }, received, cut) {
    if (cut === "no answer in time" && raw?.then !== "destroy") return "no answer in time";
    if (raw)
      return raw.then === "answers" && received < raw.count ? `${received} of ${raw.count} answers (${cut})` : null;
    return received > 0 || mayCut || hangUpMs !== undefined ? null : `no answer (${cut})`;
  }

  #tallyOf(name) {
    let tally = this.tallies.get(name);
    if (!tally) this.tallies.set(name, (tally = { sent: 0, kinds: new Map(), largestAnswer: 0 }));
    return tally;
  }
}
