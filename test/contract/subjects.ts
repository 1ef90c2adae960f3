import type { ContractSubject } from "./subject.js";

/** The subject of each CRM. It is loaded when it is used, because some of the CRMs' own clients are large. */
const SUBJECTS: Readonly<Record<string, () => Promise<ContractSubject>>> = {
  hubspot: async () => (await import("./hubspot/subject.js")).hubspotSubject,
  salesforce: async () => (await import("./salesforce/subject.js")).salesforceSubject,
  odoo: async () => (await import("./odoo/subject.js")).odooSubject,
  // The same provider. Its sandbox of this version speaks JSON-2.
  odoo19: async () => (await import("./odoo/subject.js")).odoo19Subject,
  pipedrive: async () => (await import("./pipedrive/subject.js")).pipedriveSubject,
  zoho: async () => (await import("./zoho/subject.js")).zohoSubject,
  dynamics365: async () => (await import("./dynamics365/subject.js")).dynamics365Subject,
  close: async () => (await import("./close/subject.js")).closeSubject,
  attio: async () => (await import("./attio/subject.js")).attioSubject,
  espocrm: async () => (await import("./espocrm/subject.js")).espocrmSubject,
  // The same provider, at the sandbox of Twenty 2.21.
  twenty2: async () => (await import("./twenty/subject.js")).twenty2Subject,
  // The same provider, at the sandbox of EspoCRM 8.4.
  espocrm8: async () => (await import("./espocrm/subject.js")).espocrm8Subject,
  twenty: async () => (await import("./twenty/subject.js")).twentySubject,
};

export const SLUGS = Object.keys(SUBJECTS);

/** @throws Error that names all slugs, if there is no such one */
export async function subjectOf(slug: string): Promise<ContractSubject> {
  const load = SUBJECTS[slug];
  if (!load) throw new Error(`There is no CRM ${JSON.stringify(slug)}. Give one of: ${SLUGS.join(", ")}.`);
  return load();
}
