import type { ResourceName } from "../../../src/providers/contract/model.js";
import type { RecordedRequest } from "../stage/recording-proxy.js";

const TYPES = { contact: "contacts", lead: "leads", meeting: "meetings" } as const;

/** The properties that a request for records of the resource selects. */
export function requestedProperties({ method, url, body }: RecordedRequest, resource: ResourceName): string[] | null {
  const { pathname, searchParams } = new URL(url, "http://hubspot.example");
  const [, rest] = pathname.split(new RegExp(`^/crm/objects/[\\d-]+/${TYPES[resource]}`));
  if (rest === undefined) return null;
  if (method === "GET") return searchParams.getAll("properties").flatMap((names) => names.split(","));
  if (rest === "/batch/read" || rest === "/search") return (JSON.parse(body) as { properties: string[] }).properties;
  return null;
}
