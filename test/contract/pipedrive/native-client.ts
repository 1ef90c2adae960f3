import { v1, v2 } from "pipedrive";
import type { Credentials } from "../../../src/providers/contract/contract.js";
import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import type { Owner, ResourceName } from "../../../src/providers/contract/model.js";
import type { NativeClient } from "../subject.js";

const PAGE = 500;

/** The members of answers. The SDK's types lack some of them. */
interface Answer {
  data?: unknown;
  additional_data?: { next_cursor?: string | null; more_items_in_collection?: boolean } | null;
}

/** The v1 and v2 APIs of Pipedrive's official client, with a user's API token or an access token. */
export function apisOf(origin: string, { apiToken, accessToken }: Credentials) {
  const secret = apiToken === undefined ? { accessToken: accessToken! } : { apiKey: apiToken };
  const [one, two] = [v1, v2].map((_version, index) => ({ ...secret, basePath: `${origin}/api/v${index + 1}` }));
  const old = new v1.Configuration(one!);
  const now = new v2.Configuration(two!);
  return {
    persons: new v2.PersonsApi(now),
    activities: new v2.ActivitiesApi(now),
    organizations: new v2.OrganizationsApi(now),
    personFields: new v2.PersonFieldsApi(now),
    leadSearch: new v2.LeadsApi(now),
    leads: new v1.LeadsApi(old),
    leadLabels: new v1.LeadLabelsApi(old),
    users: new v1.UsersApi(old),
  };
}

/** Pipedrive's official client. */
export async function openPipedrive(origin: string, credentials: Credentials): Promise<NativeClient> {
  const { persons, activities, organizations, leads, leadLabels, users, personFields } = apisOf(origin, credentials);
  const organizationNames = new Map<number, string>();
  for (const row of await cursored((cursor) => organizations.getOrganizations({ limit: PAGE, ...cursor }))) {
    organizationNames.set(row["id"] as number, row["name"] as string);
  }
  const labels = new Map<unknown, string>();
  for (const { id, name } of (await leadLabels.getLeadLabels()).data ?? []) labels.set(id, name);
  const options = new Map<string, string>();
  for (const field of (await personFields.getPersonFields({})).data ?? []) {
    for (const { id, label } of field.options ?? []) {
      if (field.field_code === "label_ids") labels.set(id, label!);
      else options.set(String(id), label!);
    }
  }

  /**
   * A record with Pipedrive's and the company's own fields at one level, and with the names of the records that it
   * refers to.
   */
  function native(row: NativeRecord): NativeRecord {
    const organization = (row["org_id"] ?? row["organization_id"]) as number | null;
    return {
      ...row,
      ...(row["custom_fields"] as NativeRecord | undefined),
      $organization: organization === null ? null : (organizationNames.get(organization) ?? null),
      $labels: ((row["label_ids"] ?? []) as unknown[]).map((id) => labels.get(id)),
      $options: Object.fromEntries(options),
    };
  }

  async function rows(resource: ResourceName): Promise<NativeRecord[]> {
    switch (resource) {
      case "contact":
        return cursored((cursor) => persons.getPersons({ limit: PAGE, ...cursor }));
      case "meeting":
        return (
          await cursored((cursor) => activities.getActivities({ limit: PAGE, include_fields: "attendees", ...cursor }))
        ).filter(isMeeting);
      case "lead":
        return offset((start) => leads.getLeads({ start, limit: PAGE }));
    }
  }

  const archived = () => offset((start) => leads.getArchivedLeads({ start, limit: PAGE }));

  async function one(resource: ResourceName, id: string): Promise<NativeRecord | null> {
    const call = {
      contact: () => persons.getPerson({ id: Number(id) }),
      meeting: () => activities.getActivity({ id: Number(id), include_fields: "attendees" }),
      lead: () => leads.getLead({ id }),
    }[resource];
    try {
      const row = ((await call()) as Answer).data as NativeRecord;
      return row["is_deleted"] === true ? null : native(row);
    } catch (error) {
      if (/not found/.test(String((error as { error?: string }).error))) return null;
      throw error;
    }
  }

  return {
    all: async (resource) => byId((await rows(resource)).map(native)),
    unlisted: async (resource) => (resource === "lead" ? byId((await archived()).map(native)) : new Map()),
    count: async (resource) => (await rows(resource)).length,
    get: one,
    async create(resource, values) {
      const create = {
        contact: () => persons.addPerson({ AddPersonRequest: values }),
        meeting: () => activities.addActivity({ AddActivityRequest: values }),
        lead: () => leads.addLead({ AddLeadRequest: values } as unknown as Parameters<typeof leads.addLead>[0]),
      }[resource];
      return String((((await create()) as Answer).data as NativeRecord)["id"]);
    },
    async remove(resource, id) {
      if (resource === "contact") await persons.deletePerson({ id: Number(id) });
      else if (resource === "meeting") await activities.deleteActivity({ id: Number(id) });
      else await leads.deleteLead({ id });
    },
    async linked(resource, edge) {
      const links = new Map<string, string[]>();
      const link = (from: unknown, to: unknown) => {
        if (from === null || to === null) return;
        links.set(String(from), [...(links.get(String(from)) ?? []), String(to)]);
      };
      if (resource === "contact" && edge === "meetings") {
        for (const { id, person_id: person } of await rows("meeting")) link(person, id);
      } else if (resource === "contact") {
        for (const { id, person_id: person } of await rows("lead")) link(person, id);
      } else if (resource === "lead") {
        for (const { id, person_id: person } of [...(await rows("lead")), ...(await archived())]) link(id, person);
      } else {
        for (const { id, participants, lead_id: lead } of await rows("meeting")) {
          if (edge === "leads") link(id, lead);
          else for (const one of participants as NativeRecord[]) link(id, one["person_id"]);
        }
      }
      return links;
    },
    companies: async () => [...organizationNames.keys()].map(String),
    async createCompany(name) {
      const made = (await organizations.addOrganization({ AddOrganizationRequest: { name } })) as Answer;
      const { id } = made.data as { id: number };
      organizationNames.set(id, name);
      return String(id);
    },
    removeCompany: async (id) => void (await organizations.deleteOrganization({ id: Number(id) })),
    companyRecords: async () =>
      byId(await cursored((cursor) => organizations.getOrganizations({ limit: PAGE, ...cursor }))),
    async owners() {
      const everyone = (await users.getUsers()).data ?? [];
      return new Map<string, Owner>(
        everyone.map(({ id, name, email }) => [
          String(id),
          { id: String(id), name: name ?? null, email: email ?? null },
        ]),
      );
    },
  };
}

function isMeeting({ type, due_date: date }: NativeRecord): boolean {
  return type === "meeting" && date !== null;
}

function byId(natives: readonly NativeRecord[]): Map<string, NativeRecord> {
  return new Map(natives.map((row) => [String(row["id"]), row]));
}

/** Reads all pages of v2. */
async function cursored(read: (cursor: { cursor?: string }) => Promise<unknown>): Promise<NativeRecord[]> {
  const all: NativeRecord[] = [];
  let cursor: string | null | undefined;
  do {
    const page = (await read(cursor ? { cursor } : {})) as Answer;
    all.push(...(page.data as NativeRecord[]));
    cursor = page.additional_data?.next_cursor;
  } while (cursor);
  return all;
}

/** Reads all pages of v1. */
async function offset(read: (start: number) => Promise<unknown>): Promise<NativeRecord[]> {
  const all: NativeRecord[] = [];
  for (;;) {
    const page = (await read(all.length)) as Answer;
    all.push(...(page.data as NativeRecord[]));
    if (!page.additional_data?.more_items_in_collection) return all;
  }
}
