import type { Database } from "./database.js";
import { seededDatabase } from "./seed/account-data.js";

/** One account of the sandbox: a database, and one API key with which each of its users can log in. */
export class OdooAccount {
  readonly database: Database;
  readonly #key: string;

  constructor(name: string) {
    this.database = seededDatabase(name);
    this.#key = apiKeyOf(name);
  }

  /** Returns the user id, or false like Odoo if the login is refused. */
  authenticate(login: unknown, key: unknown): number | false {
    if (key !== this.#key) return false;
    const user = this.database.rows("res.users").find((row) => row["login"] === login && row["active"] === true);
    return user?.id ?? false;
  }

  accepts(uid: number, key: unknown): boolean {
    return key === this.#key && this.database.get("res.users", uid)?.["active"] === true;
  }
}

export function apiKeyOf(account: string): string {
  return `odoo-sandbox-${account}`;
}

export function adminLoginOf(account: string): string {
  return `admin@${account}.example`;
}
