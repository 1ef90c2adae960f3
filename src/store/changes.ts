/** A row that was changed or deleted, by whomever. */
export interface StoreChange {
  table: "api_key" | "end_user" | "connection";
  id: string;
}

/** Tells of changes to rows that a process remembers. */
export interface StoreChanges {
  /**
   * Calls the listener after each change that this process hears of.
   * @returns a function that ends it
   */
  subscribe(listener: (change: StoreChange) => void): () => void;
  /**
   * Until when every change of a row has been heard.
   * @param readAt when the read of the row began. Both are milliseconds of the monotonic clock.
   * @returns Infinity if no change can be missed; `readAt` if nothing is heard
   */
  heardUntil(readAt: number): number;
}

/** The channel on which the triggers of the database announce changes: `<table> <id>`. */
export const CHANGE_CHANNEL = "crmesh_change";

const ANNOUNCEMENT = /^(api_key|end_user|connection) (\S+)$/;

/** The listeners of one process. */
export class ChangeListeners {
  readonly #listeners = new Set<(change: StoreChange) => void>();

  subscribe(listener: (change: StoreChange) => void): () => void {
    // Each call has a listener of its own, so that the same function may be given twice.
    const own = (change: StoreChange) => listener(change);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Passes an announcement of the database on. Ignores other texts: anybody may write to the channel. */
  announce(text: string): void {
    const [, table, id] = ANNOUNCEMENT.exec(text) ?? [];
    if (table === undefined || id === undefined) return;
    for (const listener of this.#listeners) listener({ table: table as StoreChange["table"], id });
  }
}

/** The changes of the embedded database. Only this process writes to it, and hears of every change. */
export class OwnChanges extends ChangeListeners implements StoreChanges {
  heardUntil(): number {
    return Infinity;
  }
}
