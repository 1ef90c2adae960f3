import type { Field } from "./fields.js";
import type { Json, JsonObject } from "./json.js";
import { KEPT_BY_ODOO, type Model } from "./model.js";

/** The answer of `fields_get`: what each field is, cut to the asked fields and attributes. */
export function describeFields(model: Model, asked: Json, attributes: Json): JsonObject {
  const names = Array.isArray(asked) && asked.length > 0 ? asked : [...model.fields.keys()];
  const descriptions: JsonObject = {};
  for (const name of names) {
    const field = typeof name === "string" ? model.fields.get(name) : undefined;
    if (field !== undefined) descriptions[String(name)] = only(attributes, describe(String(name), field));
  }
  return descriptions;
}

function describe(name: string, field: Field): JsonObject {
  const isStored = !field.compute;
  return {
    name,
    type: field.type,
    string: field.label,
    required: field.required ?? false,
    readonly: !isStored || KEPT_BY_ODOO.has(name),
    store: isStored,
    searchable: true,
    sortable: isStored,
    ...(field.relation === undefined ? {} : { relation: field.relation }),
    ...(field.inverse === undefined ? {} : { relation_field: field.inverse }),
    ...(field.selection === undefined ? {} : { selection: field.selection.map((choice) => [...choice]) }),
  };
}

function only(attributes: Json, description: JsonObject): JsonObject {
  if (!Array.isArray(attributes) || attributes.length === 0) return description;
  return Object.fromEntries(Object.entries(description).filter(([name]) => attributes.includes(name)));
}
