import type { Provider, ProviderContext } from "../../contract/contract.js";
import { id as idDecoder } from "../../../upstream/decode.js";
import { memberAt } from "../../mapping/members.js";
import { readText } from "../../mapping/json-dialect.js";
import type { Owner } from "../../contract/model.js";
import { isGuid } from "./dialect.js";
import { rowWith } from "./answers.js";
import { IDS_MAX, isAnyOf, readAll } from "./api.js";

/** Reads users and teams with their paths. Dataverse keeps users who left. */
export async function principals(context: ProviderContext, ids: readonly string[]) {
  const found = new Map<string, { owner: Owner; path: string }>();
  const tables = [
    ["systemuser", "fullname", "internalemailaddress"],
    ["team", "name", null],
  ] as const;
  for (const [table, name, email] of tables) {
    const wanted = ids.filter((id) => isGuid(id) && !found.has(id));
    if (wanted.length === 0) break;
    const $select = email === null ? name : `${name},${email}`;
    for (const row of await readAll(
      context,
      `${table}s`,
      { $select, ...isAnyOf(`${table}id`, wanted) },
      rowWith(`${table}id`),
    )) {
      const id = memberAt(row, `${table}id`, idDecoder);
      const owner = { id, name: readText(row[name]), email: email && readText(row[email]) };
      found.set(id, { owner, path: `/${table}s(${id})` });
    }
  }
  return found;
}

export const owners: Provider["owners"] = {
  batchSize: IDS_MAX,
  load: async (context, ids) => new Map([...(await principals(context, ids))].map(([id, { owner }]) => [id, owner])),
};
