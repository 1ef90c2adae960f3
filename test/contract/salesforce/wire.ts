import type { ResourceName } from "../../../src/providers/contract/model.js";
import type { RecordedRequest } from "../stage/recording-proxy.js";

const OBJECTS = { contact: "Contact", lead: "Lead", meeting: "Event" } as const;

/** The columns that a request for rows of the object selects. A sub-select counts as the list that it reads. */
export function requestedColumns({ method, url, body }: RecordedRequest, resource: ResourceName): string[] | null {
  const { pathname, searchParams } = new URL(url, "http://salesforce.example");
  if (method === "POST" && pathname.endsWith(`/composite/sobjects/${OBJECTS[resource]}`)) {
    return (JSON.parse(body) as { fields: string[] }).fields;
  }
  const soql = searchParams.get("q");
  if (soql === null) return null;
  const flat = soql.replace(/\(SELECT [^)]* FROM (\w+)[^)]*\)/g, "$1");
  const [, columns, object] = /^SELECT (.+?) FROM (\w+)/.exec(flat) ?? [];
  return object === OBJECTS[resource] ? columns!.split(",") : null;
}
