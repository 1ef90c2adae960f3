import type { ResourceName } from "../../../src/providers/contract/model.js";
import type { RecordedRequest } from "../stage/recording-proxy.js";
import { ENTITIES } from "./native-client.js";

/** The attributes that a list request selects. A read of one record by its id returns all attributes. */
export function requestedAttributes({ method, url }: RecordedRequest, resource: ResourceName): string[] | null {
  const { pathname, searchParams } = new URL(url, "http://espocrm.example");
  if (method !== "GET" || pathname !== `/api/v1/${ENTITIES[resource]}`) return null;
  return searchParams.get("select")?.split(",") ?? null;
}
