import type { ObjectSchema } from "../schema/object.js";

/** What every record in an answer begins with. */
export function recordAttributes(schema: ObjectSchema, id: string, version: string) {
  return { type: schema.name, url: `/services/data/${version}/sobjects/${schema.name}/${id}` };
}
