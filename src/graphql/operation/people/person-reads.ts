/** What the grouping needs of every record of a person: its addresses, its name, and its times. */
export const PERSON_READS = ["emails", "fullName", "createdAt", "updatedAt"] as const;

/** The unified fields of contacts and of leads from which each field of a person is made. */
export interface FieldSources {
  contact?: readonly string[];
  lead?: readonly string[];
}

const FIELDS: FieldSources = {
  contact: [
    "firstName",
    "lastName",
    "title",
    "department",
    "company",
    "company.name",
    "lifecycleStage",
    "leadSource",
    "doNotContact",
    "lastActivityAt",
  ],
  lead: ["firstName", "lastName", "title", "companyName", "source", "lastActivityAt"],
};

export const PERSON_FIELD_READS: Readonly<Record<string, FieldSources>> = {
  phones: { contact: ["phones"], lead: ["phones"] },
  companies: { contact: ["company", "company.name"], lead: ["companyName"] },
  lastActivityAt: { contact: ["lastActivityAt"], lead: ["lastActivityAt"] },
  fields: FIELDS,
  leads: { contact: ["leads"] },
  meetings: { contact: ["meetings"] },
};
