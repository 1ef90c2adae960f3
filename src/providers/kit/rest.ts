import type { AdapterRequest, ProviderContext } from "../contract/contract.js";
import type { NativeRecord } from "../contract/field-map.js";
import { absentIfNotFound } from "./adapter-kit.js";

/** Sends a GET request and resolves to the body of the response. */
export async function getBody(
  { send }: Pick<ProviderContext, "send">,
  path: string,
  query: AdapterRequest["query"] = {},
): Promise<unknown> {
  return (await send({ method: "GET", path, query, safe: true })).body;
}

/** Like `getBody`. Null if the CRM answers that the record does not exist. */
export function getIfThere(...request: Parameters<typeof getBody>): Promise<unknown> {
  return absentIfNotFound(() => getBody(...request));
}

interface RestRules {
  /** The path of a record, or of all records if there is no id. */
  path: (id?: string) => string;
  /** The method that changes the given fields and leaves the others. */
  update: "PATCH" | "PUT";
  /** Makes the body of a write. Defaults to the native fields themselves. */
  body?: (native: NativeRecord) => NativeRecord;
}

/** Builds the writes of existing records, for a CRM that has a path for each record. */
export function restChanges({ path, update: method, body = (native) => native }: RestRules) {
  return {
    async update({ send }: ProviderContext, id: string, native: NativeRecord): Promise<void> {
      await send({ method, path: path(id), json: body(native), safe: false });
    },
    async delete({ send }: ProviderContext, id: string): Promise<void> {
      await send({ method: "DELETE", path: path(id), safe: false });
    },
  };
}

/**
 * Builds the writes of records, for a CRM that has a path for each record.
 * @param idIn finds the id of the new record in the response to a create
 */
export function restWrites({ idIn, ...rules }: RestRules & { idIn: (answer: unknown) => unknown }) {
  const { path, body = (native) => native } = rules;
  return {
    async create({ send }: ProviderContext, native: NativeRecord): Promise<string> {
      return String(idIn((await send({ method: "POST", path: path(), json: body(native), safe: false })).body));
    },
    ...restChanges(rules),
  };
}
