import { CrmError } from "../../../errors/crm-error.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import type { CompanyRef } from "../../contract/model.js";
import { inChunks } from "../../kit/adapter-kit.js";
import { batches, calls } from "../../kit/costs.js";
import type { PartLoader } from "../../kit/resource-rules.js";
import { BATCH_MAX, idOf, readObjects } from "./api.js";
import { COMPANIES, kit } from "./dialect.js";

/** HubSpot's own property of a contact: the id of its primary associated company. Only associations change it. */
export const COMPANY_ID = "associatedcompanyid";
/** The part of a contact that is the name of its company. */
export const COMPANY_NAME = "$companyName";

/** The value of the part if the connection may not read companies. */
const UNREADABLE = Symbol("unreadable");

/** The company record, with the text of the contact's own property beside it. */
export function readCompany(native: NativeRecord): CompanyRef | null {
  const text = kit.readText(native["company"]);
  const id = kit.readText(native[COMPANY_ID]);
  const name = native[COMPANY_NAME];
  // The text may name another company than the record, so it is not the name of the record.
  if (id === null || (name === UNREADABLE && text !== null)) return text === null ? null : { id: null, name: text };
  return { id, name: kit.readText(name), ...(text !== null && { ownText: text }) };
}

/** The names of the companies of all contacts, in batches. */
export const companyNamePart: PartLoader = async (context, contacts) => {
  // Connections that were made before crmesh asked for the scope read the contact's text, as they always did.
  const access = await context.memo("access to companies", () => Promise.resolve({ isGranted: true }));
  const ids = [...new Set(contacts.flatMap((contact) => companyIdOf(contact) ?? []))];
  if (!access.isGranted) return () => UNREADABLE;
  try {
    const names = await namesOf(context, ids);
    return (contact) => names.get(companyIdOf(contact) ?? "") ?? null;
  } catch (error) {
    if (!isScopeMissing(error)) throw error;
    access.isGranted = false;
    return () => UNREADABLE;
  }
};

export const companyCosts = { [COMPANY_NAME]: (contacts: number) => calls(batches(contacts, BATCH_MAX)) };

const companyIdOf = (contact: NativeRecord) => kit.readText(contact[COMPANY_ID]);

async function namesOf(context: ProviderContext, ids: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
  const read = await inChunks(ids, BATCH_MAX, (some) => readObjects(context, COMPANIES, some, ["name"]));
  return new Map(read.map((object) => [idOf(object), kit.readText(object.properties["name"])]));
}

function isScopeMissing(error: unknown): boolean {
  return error instanceof CrmError && error.details.upstream?.code === "MISSING_SCOPES";
}
