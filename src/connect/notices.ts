import type { Seal } from "./seal.js";

/** A word on what has just happened, shown at the head of the next page. */
export interface Notice {
  tone: "neutral" | "good" | "bad";
  heading: string;
  text: string;
  detail: string | null;
}

const PURPOSE = "connect notice";
const LIFETIME_S = 10 * 60;

/**
 * Notices travel in the address of the page that shows them, sealed: nobody can put words into crmesh’s mouth, and nothing
 * has to be remembered.
 */
export class Notices {
  readonly #seal: Seal;

  constructor(seal: Seal) {
    this.#seal = seal;
  }

  async attach(path: string, sid: string, notice: Notice): Promise<string> {
    return `${path}?notice=${await this.#seal.close(`${PURPOSE} ${sid}`, notice, LIFETIME_S)}`;
  }

  async read(query: unknown, sid: string): Promise<Notice | null> {
    const { notice } = query as { notice?: unknown };
    return typeof notice === "string" ? this.#seal.open<Notice>(`${PURPOSE} ${sid}`, notice) : null;
  }
}
