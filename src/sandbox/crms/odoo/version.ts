import type { JsonObject } from "./data.js";
import type { Model } from "./model.js";
import { MODELS } from "./models/registry.js";

/** A version of Odoo, as far as versions differ for callers of the API. Source: recorded from Odoo 17.0 and 19.0. */
export interface OdooVersion {
  readonly name: string;
  readonly about: JsonObject;
  readonly models: ReadonlyMap<string, Model>;
  readonly hasJson2: boolean;
  /** `error.code` of JSON-RPC. */
  readonly rpcErrorCode: number;
  /** The words for a required field without a value. */
  missingValue(model: Pick<Model, "name" | "description">, field: string, label: string): string;
  /** The words for fields that the user may not use. */
  hiddenFields(model: Pick<Model, "name" | "description">, names: readonly string[], operation: string): string;
}

export const ODOO_17: OdooVersion = {
  name: "17.0",
  about: aboutVersion(17),
  models: MODELS,
  hasJson2: false,
  rpcErrorCode: 200,
  missingValue: ({ name, description }, field, label) =>
    "The operation cannot be completed:\n- Create/update: a mandatory field is not set.\n" +
    "- Delete: another model requires the record being deleted. If possible, archive it instead.\n\n" +
    `Model: ${description} (${name})\nField: ${label} (${field})\n`,
  hiddenFields: ({ name, description }, names, operation) =>
    `You do not have enough rights to access the fields "${names.join(",")}" on ${description} (${name}). ` +
    `Please contact your system administrator.\n\n(Operation: ${operation})`,
};

export const ODOO_19: OdooVersion = {
  name: "19.0",
  about: aboutVersion(19),
  models: new Map([...MODELS].map(([name, model]) => [name, inOdoo19(model)])),
  hasJson2: true,
  rpcErrorCode: 0,
  missingValue: ({ name, description }, field, label) =>
    `The operation cannot be completed: Missing required value for the field '${label}' (${field}).\n` +
    `Model: '${description}' (${name})\n`,
  hiddenFields: ({ name, description }, [first], operation) =>
    `You do not have enough rights to access the field "${first}" on ${description} (${name}). ` +
    `Please contact your system administrator.\n\nOperation: ${operation}`,
};

function aboutVersion(major: number): JsonObject {
  const version = `${major}.0`;
  const server_version_info = [major, 0, 0, "final", 0, ""];
  return { server_version: version, server_version_info, server_serie: version, protocol_version: 1 };
}

/** Odoo 19 has no mobile numbers, and its meetings may leave their privacy to the calendar of their user. */
function inOdoo19(model: Model): Model {
  const fields = new Map([...model.fields].filter(([name]) => name !== "mobile"));
  const privacy = fields.get("privacy");
  if (privacy) fields.set("privacy", { ...privacy, required: false, default: null });
  return { ...model, fields };
}
