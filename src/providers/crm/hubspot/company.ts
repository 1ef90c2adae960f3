import { CrmError } from "../../../errors/crm-error.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import type { CompanyRef } from "../../contract/model.js";
import { inChunks } from "../../kit/adapter-kit.js";
import { batches, calls } from "../../kit/costs.js";
import type { PartLoader } from "../../kit/resource-rules.js";
import { ASSOCIATIONS_BATCH, associationsOf } from "./associations.js";
import { BATCH_MAX, idOf, readObjects } from "./api.js";
import { COMPANIES, kit } from "./dialect.js";

/** The part of a contact that is its associated company, and the name of the need for the company's name. */
export const COMPANY = "$company";
export const COMPANY_NAME = "$companyName";

/** The HUBSPOT_DEFINED type of an association from a contact to its primary company. */
const PRIMARY = "1";

/** The company record, with the text of the contact's own property beside it. */
export function readCompany(native: NativeRecord): CompanyRef | null {
  const text = kit.readText(native["company"]);
  const associated = native[COMPANY] as CompanyRef | null;
  if (associated) return { ...associated, ...(text !== null && { ownText: text }) };
  return text === null ? null : { id: null, name: text };
}

/** One batch of associations for all contacts, and batches of the companies if their names are needed. */
export const companyPart: PartLoader = async (context, contacts, { needs }) => {
  // Connections that were made before crmesh asked for the scope read the contact's text, as they always did.
  const access = await context.memo("access to companies", () => Promise.resolve({ isGranted: true }));
  if (!access.isGranted) return () => null;
  try {
    const companies = await companiesOf(context, contacts.map(contactId));
    const names = needs(COMPANY_NAME) ? await namesOf(context, [...new Set(companies.values())]) : null;
    return (contact): CompanyRef | null => {
      const id = companies.get(contactId(contact));
      return id === undefined ? null : { id, name: names?.get(id) ?? null };
    };
  } catch (error) {
    if (!isScopeMissing(error)) throw error;
    access.isGranted = false;
    return () => null;
  }
};

export const companyCosts = {
  [COMPANY]: (contacts: number) => calls(batches(contacts, ASSOCIATIONS_BATCH)),
  [COMPANY_NAME]: (contacts: number) => calls(batches(contacts, BATCH_MAX)),
};

const contactId = (contact: NativeRecord) => String(contact["$id"]);

/** Contact → its primary company, or else the first one. HubSpot tells up to 500 companies of a contact at once. */
async function companiesOf(context: ProviderContext, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = await inChunks(ids, ASSOCIATIONS_BATCH, async (some) => {
    const inputs = some.map((id) => ({ id }));
    return associationsOf(context, ["contacts", COMPANIES], inputs);
  });
  return new Map(
    found.flatMap(({ from, to }) => {
      const isPrimary = ({ associationTypes = [] }: (typeof to)[number]) =>
        associationTypes.some(({ typeId }) => typeId === PRIMARY);
      const company = to.find(isPrimary) ?? to[0];
      return company ? [[from.id, company.toObjectId] as const] : [];
    }),
  );
}

async function namesOf(context: ProviderContext, ids: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
  const read = await inChunks(ids, BATCH_MAX, (some) => readObjects(context, COMPANIES, some, ["name"]));
  return new Map(read.map((object) => [idOf(object), kit.readText(object.properties["name"])]));
}

function isScopeMissing(error: unknown): boolean {
  return error instanceof CrmError && error.details.upstream?.code === "MISSING_SCOPES";
}
