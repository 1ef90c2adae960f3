import type { ResourceName } from "../../../src/providers/contract/model.js";
import type { RecordedRequest } from "../stage/recording-proxy.js";

const SETS = { contact: "contacts", lead: "leads", meeting: "appointments" } as const;
/** The expanded parts, under the names of the field maps. */
const PARTS: Readonly<Record<string, string>> = {
  appointment_activity_parties: "$parties",
  transactioncurrencyid: "$currency",
};

/** The properties that a request for rows of the resource's table selects. */
export function requestedProperties({ method, url }: RecordedRequest, resource: ResourceName): string[] | null {
  const { pathname, searchParams } = new URL(url, "http://dynamics.example");
  if (method !== "GET" || pathname !== `/api/data/v9.2/${SETS[resource]}`) return null;
  const expanded = searchParams.get("$expand")?.replace(/\([^)]*\)/g, "");
  return [
    ...(searchParams.get("$select")?.split(",") ?? []),
    ...(expanded ? expanded.split(",").map((name) => PARTS[name]!) : []),
  ];
}
