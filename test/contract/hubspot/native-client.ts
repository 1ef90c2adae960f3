import { Client } from "@hubspot/api-client";
import type { Credentials } from "../../../src/providers/contract/contract.js";
import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import type { Owner, ResourceName } from "../../../src/providers/contract/model.js";
import { fullName } from "../stage/truth.js";
import type { NativeClient } from "../subject.js";

const TYPES = { contact: "contacts", lead: "leads", meeting: "meetings" } as const;
const TYPE_IDS: Readonly<Record<string, string>> = { contacts: "0-1", leads: "0-136", meetings: "0-47" };
const EDGES: Readonly<Record<ResourceName, Readonly<Record<string, string>>>> = {
  contact: { meetings: "meetings", leads: "leads" },
  lead: { contact: "contacts" },
  meeting: { contacts: "contacts", leads: "leads" },
};
const PAGE = 100;

interface SdkObject {
  id: string;
  properties: Record<string, string | null>;
  createdAt: Date;
  updatedAt: Date;
}

/** HubSpot's official client. The generic object API reads all types in the same way. */
export async function openHubSpot(origin: string, { accessToken }: Credentials): Promise<NativeClient> {
  const client = new Client({ accessToken: accessToken!, basePath: origin });
  const { crm } = client;
  const details = await client.apiRequest({ path: "/account-info/v3/details" });
  const { portalId } = (await details.json()) as { portalId: number };
  const properties: Record<string, string[]> = {};
  for (const type of Object.values(TYPES)) {
    properties[type] = (await crm.properties.coreApi.getAll(type)).results.map(({ name }) => name);
  }

  async function companyNames(): Promise<Map<string, string | null>> {
    const names = new Map<string, string | null>();
    let after: string | undefined;
    do {
      const page = await crm.objects.basicApi.getPage("companies", PAGE, after, ["name"]);
      for (const { id, properties: own } of page.results) names.set(id, own["name"] ?? null);
      after = page.paging?.next?.after;
    } while (after !== undefined);
    return names;
  }

  return {
    async all(resource) {
      const type = TYPES[resource];
      const records = new Map<string, NativeRecord>();
      const isContact = resource === "contact";
      const names = isContact ? await companyNames() : new Map<string, string | null>();
      let after: string | undefined;
      do {
        const others = isContact ? ["companies"] : undefined;
        const page = await crm.objects.basicApi.getPage(type, PAGE, after, properties[type], undefined, others);
        for (const object of page.results) {
          const company = primaryCompany(object.associations?.["companies"]?.results ?? [], names);
          records.set(object.id, { ...native(portalId, type, object), ...(isContact && { $company: company }) });
        }
        after = page.paging?.next?.after;
      } while (after !== undefined);
      return records;
    },
    unlisted: async () => new Map(),
    async count(resource) {
      const everyone = { filterGroups: [], sorts: [], properties: [], limit: 1, after: "0" };
      return (await crm.objects.searchApi.doSearch(TYPES[resource], everyone)).total;
    },
    async get(resource, id) {
      const type = TYPES[resource];
      try {
        return native(portalId, type, await crm.objects.basicApi.getById(type, id, properties[type]));
      } catch (error) {
        if ((error as { code?: number }).code === 404) return null;
        throw error;
      }
    },
    async create(resource, values) {
      const record = { properties: values as Record<string, string>, associations: [] };
      return (await crm.objects.basicApi.create(TYPES[resource], record)).id;
    },
    async remove(resource, id) {
      await crm.objects.basicApi.archive(TYPES[resource], id);
    },
    async linked(resource, edge) {
      const target = EDGES[resource][edge]!;
      const links = new Map<string, readonly string[]>();
      let after: string | undefined;
      do {
        const page = await crm.objects.basicApi.getPage(TYPES[resource], PAGE, after, [], [], [target]);
        for (const { id, associations } of page.results) {
          const ids = (associations?.[target]?.results ?? []).map((other) => other.id);
          if (ids.length > 0) links.set(id, [...new Set(ids)]);
        }
        after = page.paging?.next?.after;
      } while (after !== undefined);
      return links;
    },
    companies: async () => [],
    async companyRecords() {
      const names = [...(await companyNames())];
      return new Map(names.map(([id, name]): [string, NativeRecord] => [id, { name }]));
    },
    async owners() {
      const owners = new Map<string, Owner>();
      for (const archived of [false, true]) {
        let after: string | undefined;
        do {
          const { results, paging } = await crm.owners.ownersApi.getPage(undefined, after, PAGE, archived);
          for (const { id, firstName, lastName, email } of results) {
            owners.set(id, { id, name: fullName(firstName ?? null, lastName ?? null), email: email ?? null });
          }
          after = paging?.next?.after;
        } while (after !== undefined);
      }
      return owners;
    },
  };
}

/** HubSpot's old name of all associations of a contact with a company is now that of the primary one. */
function primaryCompany(links: readonly { id: string; type: string }[], names: ReadonlyMap<string, string | null>) {
  const link = links.find(({ type }) => type === "contact_to_company");
  return link ? { id: link.id, name: names.get(link.id) ?? null } : null;
}

/** The properties of an object, and HubSpot's data about the object itself. */
function native(portalId: number, type: string, object: SdkObject): NativeRecord {
  const { id, properties, createdAt, updatedAt } = object;
  return {
    ...properties,
    $createdAt: createdAt.toISOString(),
    $updatedAt: updatedAt.toISOString(),
    // The client does not return the link.
    $url: `https://app.hubspot.com/contacts/${portalId}/record/${TYPE_IDS[type]}/${id}`,
  };
}
