import type { Provider, ProviderContext } from "../../contract/contract.js";
import type { Owner } from "../../contract/model.js";
import { readText } from "../../mapping/json-dialect.js";
import { retrieve, RETRIEVE_MAX } from "./api.js";
import { AskedIds, KEY_PREFIX } from "./dialect.js";

/** Owners are users, and queues that hold leads until a user takes them. */
const OWNER_OBJECTS = [
  { name: "User", keyPrefix: KEY_PREFIX.user, fields: ["Id", "Name", "Email"] },
  { name: "Group", keyPrefix: KEY_PREFIX.group, fields: ["Id", "Name"] },
];

/** Source: developer.salesforce.com, Object Reference, "User" and "Group". */
async function loadOwners(context: ProviderContext, ids: readonly string[]): Promise<ReadonlyMap<string, Owner>> {
  const owners = new Map<string, Owner>();
  await Promise.all(
    OWNER_OBJECTS.map(async ({ name, keyPrefix, fields }) => {
      const asked = new AskedIds(ids, keyPrefix);
      for (const [long, { Name, Email }] of await retrieve(context, name, asked.long, fields)) {
        for (const id of asked.forms(long)) owners.set(id, { id, name: readText(Name), email: readText(Email) });
      }
    }),
  );
  return owners;
}

export const owners: Provider["owners"] = { batchSize: RETRIEVE_MAX, load: loadOwners };
