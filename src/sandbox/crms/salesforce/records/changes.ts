import { badRequest } from "../errors.js";
import { toLongId } from "../ids.js";
import type { Org, Value } from "../org.js";
import type { ObjectSchema } from "../schema/object.js";
import { readValue } from "./values.js";

/** The changes of one create or update, by the names of the fields. */
export interface Changes {
  values: Record<string, Value>;
  /** The people of an event, the first person first. Undefined if the call does not give them. */
  eventWhoIds?: string[];
}

/**
 * Reads the record of a request. Ignores `attributes`, which only has the type: the caller of this function knows it.
 */
export function readChanges(
  org: Org,
  schema: ObjectSchema,
  record: Record<string, unknown>,
  act: "create" | "update",
): Changes {
  const changes: Changes = { values: {} };
  for (const [name, json] of Object.entries(record)) {
    if (name === "attributes") continue;
    if (schema.name === "Event" && name.toLowerCase() === "eventwhoids" && org.sharedActivities) {
      changes.eventWhoIds = readIds(json);
      continue;
    }
    const field = schema.field(name);
    if (!field) throw badRequest("INVALID_FIELD", `No such column '${name}' on sobject of type ${schema.name}`);
    if (!(act === "create" ? field.createable : field.updateable)) {
      throw badRequest(
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        `Unable to create/update fields: ${field.name}. Please check the security settings of this field and verify ` +
          "that it is read/write for your profile or permission set.",
        [field.name],
      );
    }
    changes.values[field.name] = readValue(field, json);
  }
  return changes;
}

function readIds(json: unknown): string[] {
  if (json === null) return [];
  if (!Array.isArray(json)) {
    throw badRequest("JSON_PARSER_ERROR", "Cannot deserialize instance of EventWhoIds: an array of ids is expected");
  }
  return json.map((item) => {
    const id = typeof item === "string" ? toLongId(item) : null;
    if (id === null) {
      throw badRequest("MALFORMED_ID", `EventWhoIds: id value of incorrect type: ${String(item)}`, ["EventWhoIds"]);
    }
    return id;
  });
}
