import type { ExplorerSettings } from "../src/http/explorer/settings.js";

/** The names under which GraphiQL stores things. */
const TABS = "graphiql:tabState";
const HEADERS = "graphiql:headers";
const HISTORY = ["graphiql:queries", "graphiql:favorites"];

/** Headers of crmesh that hold no secret. */
const HARMLESS = /^(x-end-user-id|x-request-id|x-sandbox-fault|x-crmesh-.+)$/i;

export interface StoredTab {
  query: string | null;
  variables: string | null;
  headers: string | null;
}

/**
 * `localStorage` for GraphiQL, without secrets: of the headers of a tab and of the history, it keeps the end user and what else
 * is harmless, and an API key only if the server itself offers it in the page.
 */
export class ExplorerStorage {
  readonly #offered: string | undefined;

  constructor({ headers }: Pick<ExplorerSettings, "headers">) {
    this.#offered = (JSON.parse(headers) as Record<string, string>)["Authorization"];
  }

  getItem(name: string): string | null {
    return localStorage.getItem(name);
  }

  setItem(name: string, value: string): void {
    if (name === HEADERS) return;
    localStorage.setItem(name, name === TABS || HISTORY.includes(name) ? this.#withoutSecrets(value) : value);
  }

  removeItem(name: string): void {
    localStorage.removeItem(name);
  }

  clear(): void {
    for (const name of this.#names()) localStorage.removeItem(name);
  }

  get length(): number {
    return this.#names().length;
  }

  /** The tab that was active when the page was left. Null at the first visit. */
  activeTab(): StoredTab | null {
    const stored = this.getItem(TABS);
    if (stored === null) return null;
    const { tabs, activeTabIndex } = JSON.parse(stored) as { tabs: StoredTab[]; activeTabIndex: number };
    return tabs[activeTabIndex] ?? null;
  }

  #names(): string[] {
    return Object.keys(localStorage).filter((name) => name.startsWith("graphiql:"));
  }

  #withoutSecrets(value: string): string {
    return JSON.stringify(JSON.parse(value), (name, member: unknown) =>
      name === "headers" && typeof member === "string" ? this.#keep(member) : member,
    );
  }

  #keep(headers: string): string | null {
    try {
      const kept = Object.entries(JSON.parse(headers) as Record<string, unknown>).map(([name, value]) => {
        if (/^authorization$/i.test(name)) return [name, value === this.#offered ? value : "Bearer "];
        return HARMLESS.test(name) ? [name, value] : [];
      });
      return JSON.stringify(Object.fromEntries(kept.filter((entry) => entry.length > 0)), null, 2);
    } catch {
      // Headers that are half typed in. They may be half a key.
      return null;
    }
  }
}
