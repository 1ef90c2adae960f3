import { RESOURCES } from "../../../src/providers/contract/model.js";
import type { ContractSubject, NativeClient } from "../subject.js";
import type { Kind, Ledger, Made } from "./ledger.js";

export interface CleanUp {
  removed: number;
  /** Records that are still there, with the CRM's answer. */
  left: string[];
}

/** Meetings refer to people, people to companies, and all to tags and sources. */
const ORDER: readonly Kind[] = ["meeting", "lead", "contact", "company", "word"];

/**
 * Removes everything that a run has made, by the CRM's own client: the records of the ledger, and those with the mark of the
 * run, which a create may have made without telling their id.
 */
export async function cleanUp(subject: ContractSubject, client: NativeClient, ledger: Ledger): Promise<CleanUp> {
  const made = ledger.made();
  const known = new Set(made.map(({ id }) => id));
  for (const resource of RESOURCES) {
    if (!subject.resources[resource]) continue;
    for (const [id, native] of [...(await client.all(resource)), ...(await client.unlisted(resource))]) {
      if (!known.has(id) && JSON.stringify(native).includes(ledger.mark)) made.push({ kind: resource, id });
    }
  }
  const result: CleanUp = { removed: 0, left: [] };
  for (const kind of ORDER) {
    for (const one of made.filter((entry) => entry.kind === kind)) {
      try {
        if (await remove(client, one)) result.removed += 1;
      } catch (error) {
        result.left.push(`${kind} ${one.id}: ${error instanceof Error ? error.message : JSON.stringify(error)}`);
      }
    }
  }
  return result;
}

/** False if a case has removed it. */
async function remove(client: NativeClient, { kind, id }: Made): Promise<boolean> {
  if (kind === "company" || kind === "word") {
    await (kind === "company" ? client.removeCompany!(id) : client.removeWord!(id));
    return true;
  }
  if ((await client.get(kind, id)) === null) return false;
  await client.remove(kind, id);
  return true;
}
