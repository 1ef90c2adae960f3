import { RESOURCES, type ResourceName } from "../../../src/providers/contract/model.js";
import type { ContractSubject, NativeClient, World } from "../subject.js";

/**
 * Reads all records of an account by the CRM's own client.
 *
 * @param origin scheme, host and port that the adapter calls
 */
export async function readWorld(subject: ContractSubject, client: NativeClient, origin: string): Promise<World> {
  const records: Partial<Record<ResourceName, World["records"][ResourceName]>> = {};
  const unlisted: Partial<Record<ResourceName, World["unlisted"][ResourceName]>> = {};
  const links: Partial<Record<ResourceName, Record<string, ReadonlyMap<string, readonly string[]>>>> = {};
  for (const resource of RESOURCES) {
    const known = subject.resources[resource];
    records[resource] = known ? await client.all(resource) : new Map();
    unlisted[resource] = known ? await client.unlisted(resource) : new Map();
    const edges: Record<string, ReadonlyMap<string, readonly string[]>> = {};
    for (const edge of known?.edges ?? []) edges[edge] = await client.linked(resource, edge);
    links[resource] = edges;
  }
  return {
    records: records as World["records"],
    unlisted: unlisted as World["unlisted"],
    links: links as World["links"],
    owners: await client.owners(),
    origin,
  };
}
