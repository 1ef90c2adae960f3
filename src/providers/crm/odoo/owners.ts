import type { Provider, ProviderContext } from "../../contract/contract.js";
import type { Owner } from "../../contract/model.js";
import { searchRead } from "./api.js";
import { readText, recordId } from "./dialect.js";

/** Reads users, also archived ones: Odoo archives users who left, and records still refer to them. */
async function loadOwners(context: ProviderContext, ids: readonly string[]): Promise<ReadonlyMap<string, Owner>> {
  const numbers = ids.map(recordId).filter((id) => id !== null);
  if (numbers.length === 0) return new Map();
  const users = await searchRead(context, "res.users", [["id", "in", numbers]], { fields: ["name", "email", "login"] });
  return new Map(
    users.map((user) => {
      const login = readText(user["login"]);
      // Most logins are e-mail addresses, but Odoo does not require that.
      const email = readText(user["email"]) ?? (login?.includes("@") ? login : null);
      return [String(user.id), { id: String(user.id), name: readText(user["name"]), email }];
    }),
  );
}

export const owners: Provider["owners"] = { batchSize: 1_000, load: loadOwners };
