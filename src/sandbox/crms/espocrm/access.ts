import type { FastifyRequest } from "fastify";
import type { Accounts } from "../../kit/accounts.js";
import type { Caller, Database } from "./database.js";
import { EspoError } from "./errors.js";
import { API_USER_NAME } from "./seeding.js";

const API_KEY = /^espocrm-api-key-(.+)$/;
/** EspoCRM's own API users are no administrators; what an administrator is shown can be seen with this. */
const ADMIN_KEY = /^espocrm-admin-key-(.+)$/;

export function apiKeyOf(account: string): string {
  return `espocrm-api-key-${account}`;
}

export interface Access {
  database: Database;
  caller: Caller;
}

/** @throws EspoError 401, of which EspoCRM gives no reason */
export function accessOf(request: FastifyRequest, accounts: Accounts<Database>): Access {
  const key = String(request.headers["x-api-key"] ?? "");
  const isAdmin = ADMIN_KEY.test(key);
  const [, account] = API_KEY.exec(key) ?? ADMIN_KEY.exec(key) ?? [];
  const database = account === undefined ? null : accounts.get(account);
  const userName = isAdmin ? "admin" : API_USER_NAME;
  const user = database?.rows("User").find((row) => row["userName"] === userName);
  if (!database || !user) throw new EspoError(401);
  return { database, caller: { id: user.id, isAdmin } };
}
