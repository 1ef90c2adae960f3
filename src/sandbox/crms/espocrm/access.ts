import type { FastifyRequest } from "fastify";
import type { Accounts } from "../../kit/accounts.js";
import { requestAccount } from "../../kit/request.js";
import type { Caller, Database } from "./database.js";
import { EspoError } from "./errors.js";
import { API_USER_NAME } from "./seeding.js";

/**
 * Four keys per account. EspoCRM's API users are not administrators, so the second key shows what administrators see. The
 * role of the third may not edit some fields, and that of the fourth reads only the records that are assigned to its user.
 */
const KEY = /^espocrm-(api|admin|limited|own)-key-(.+)$/;

/** Fields that the role of the limited key may read and not edit. */
const NOT_EDITED: ReadonlySet<string> = new Set(["description", "doNotCall", "cNote"]);

export function apiKeyOf(account: string): string {
  return `espocrm-api-key-${account}`;
}

export interface Access {
  database: Database;
  caller: Caller;
}

/** The access of an authenticated call. */
export const accessOf = requestAccount<Access>;

/** @throws EspoError 401, for which EspoCRM sends no reason */
export function openAccess(request: FastifyRequest, accounts: Accounts<Database>): Access {
  const [, kind, account = ""] = KEY.exec(String(request.headers["x-api-key"] ?? "")) ?? [];
  const database = accounts.get(account);
  const isAdmin = kind === "admin";
  const userName = isAdmin ? "admin" : API_USER_NAME;
  const user = database?.rows("User").find((row) => row["userName"] === userName);
  if (!database || !user) throw new EspoError(401);
  const notEdited = kind === "limited" ? NOT_EDITED : new Set<string>();
  return { database, caller: { id: user.id, isAdmin, notEdited, readsOwnOnly: kind === "own" } };
}
