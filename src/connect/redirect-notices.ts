import type { TokenCipher } from "./token-cipher.js";

/** A message about the last action, shown at the top of the next page. */
export interface Notice {
  tone: "neutral" | "good" | "bad";
  heading: string;
  text: string;
  detail: string | null;
}

const PURPOSE = "connect notice";
const LIFETIME_S = 10 * 60;

/**
 * Puts notices, encrypted, into the URL of the page that shows them. So nobody else can make crmesh show a text, and
 * nothing has to be stored.
 */
export class Notices {
  readonly #cipher: TokenCipher;

  constructor(cipher: TokenCipher) {
    this.#cipher = cipher;
  }

  async attach(path: string, sid: string, notice: Notice): Promise<string> {
    return `${path}?notice=${await this.#cipher.encrypt(`${PURPOSE} ${sid}`, notice, LIFETIME_S)}`;
  }

  async read(query: unknown, sid: string): Promise<Notice | null> {
    const { notice } = query as { notice?: unknown };
    return typeof notice === "string" ? this.#cipher.decrypt<Notice>(`${PURPOSE} ${sid}`, notice) : null;
  }
}
