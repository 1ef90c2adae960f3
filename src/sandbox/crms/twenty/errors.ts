import { Refusal } from "../../kit/refusal.js";

/** An error in Twenty's form: `{statusCode, error, messages}`, and a code for some. */
export class TwentyError extends Refusal {
  constructor(status: number, error: string, message: string, code?: string) {
    super(status, { statusCode: status, error, messages: [message], ...(code !== undefined && { code }) }, {}, message);
  }
}

export const badRequest = (message: string) => new TwentyError(400, "BadRequestException", message);
/** Makes an error with the database's own message. */
export const queryFailed = (message: string) => new TwentyError(400, "QueryFailedError", message);
export const missingToken = () => new TwentyError(403, "FORBIDDEN_EXCEPTION", "Missing authentication token");
export const internalError = () => new TwentyError(500, "Error", "Internal server error");

const NO_PERMISSION = "Entity performing the request does not have permission";
const LIMIT = "Limit reached (100 tokens per 60000 ms)";

/** What versions say in other words, or with another status. */
export interface Refusals {
  badToken: () => Refusal;
  limitReached: () => Refusal;
  noPermission: () => Refusal;
  malformed: (message: string) => Refusal;
  /** A missing record that was asked for. */
  recordNotFound: () => Refusal;
  /** A missing record that was to be written. */
  nothingToWrite: (object: string, id: string) => Refusal;
  unknownObject: (name: string) => Refusal;
  /** A field of a filter. */
  unknownFilterField: (object: string, field: string) => Refusal;
  unknownOrderField: (object: string, field: string) => Refusal;
  /** A field of a write. */
  unknownField: (object: string, field: string) => Refusal;
  unknownPart: (field: string, part: string, type: string) => Refusal;
  badComposite: (field: string, value: unknown) => Refusal;
  badId: (field: string, text: string) => Refusal;
  badTime: (field: string, text: string) => Refusal;
  badBoolean: (field: string, value: unknown) => Refusal;
  badNumber: (field: string, value: unknown) => Refusal;
  badOption: (object: string, field: string, value: string, options: readonly string[]) => Refusal;
  missingReference: (object: string, field: string) => Refusal;
  duplicate: () => Refusal;
}

const noSuchField = (object: string, field: string) =>
  badRequest(`Object ${object} doesn't have any "${field}" field.`);
const noField = (object: string, field: string) => badRequest(`field '${field}' does not exist in '${object}' object`);
const invalid = (type: string) => (text: string) => queryFailed(`invalid input syntax for type ${type}: "${text}"`);
const foreignKey = (object: string, field: string) =>
  `insert or update on table "${object}" violates foreign key constraint "FK_${field}"`;

/** Recorded from a server of May 2025 (0.53). */
export const OLDER_REFUSALS: Refusals = {
  badToken: () => new TwentyError(401, "UNAUTHENTICATED", "No payload"),
  limitReached: () => new TwentyError(429, "ThrottlerException", LIMIT),
  noPermission: () => new TwentyError(403, "PermissionsException", NO_PERMISSION),
  malformed: badRequest,
  recordNotFound: () => badRequest("Record not found"),
  nothingToWrite: (object, id) => {
    const where = JSON.stringify({ where: { id } }, null, 4);
    return new TwentyError(
      400,
      "EntityNotFoundError",
      `Could not find any entity of type "${object}" matching: ${where}`,
    );
  },
  unknownObject: (name) => badRequest(`object '${name}' not found`),
  unknownFilterField: noField,
  unknownOrderField: noField,
  unknownField: (object, field) =>
    badRequest(`Field metadata for field "${field}" is missing in object metadata ${object}`),
  unknownPart: (field, part) => badRequest(`Sub field "${part}" of field "${field}" does not exist`),
  badComposite: (field) => badRequest(`Invalid value for the composite field ${field}`),
  badId: (_field, text) => invalid("uuid")(text),
  badTime: (_field, text) => invalid("timestamp with time zone")(text),
  badBoolean: (_field, value) => invalid("boolean")(String(value)),
  badNumber: (_field, value) => invalid("double precision")(String(value)),
  badOption: (object, field, value) =>
    queryFailed(
      `invalid input value for enum workspace_1wgvd1injqtife6y4rvfbu3h5."${object}_${field}_enum": "${value}"`,
    ),
  missingReference: (object, field) => queryFailed(foreignKey(object, field)),
  duplicate: () =>
    queryFailed('duplicate key value violates unique constraint "IDX_UNIQUE_87914cd3ce963115f8cb943e2ac"'),
};

/** Recorded from a server of July 2026 (2.21). */
export const RECENT_REFUSALS: Refusals = {
  badToken: () => new TwentyError(401, "UNAUTHENTICATED", "Token invalid."),
  limitReached: () => new TwentyError(429, "HttpException", LIMIT),
  noPermission: () => new TwentyError(403, "Error", NO_PERMISSION, "PERMISSION_DENIED"),
  malformed: (message) => new Refusal(400, { message, error: "Bad Request", statusCode: 400 }),
  recordNotFound: () => new TwentyError(404, "NotFoundException", "Record not found"),
  nothingToWrite: () => new TwentyError(404, "NotFoundException", "Record not found"),
  unknownObject: (name) => badRequest(`object '${name}' not found. eg: companies`),
  unknownFilterField: noSuchField,
  unknownOrderField: (_object, field) =>
    new TwentyError(400, "Error", `Field "${field}" does not exist or is not sortable`, "FIELD_NOT_FOUND"),
  unknownField: noSuchField,
  unknownPart: (field, part, type) =>
    badRequest(`Invalid subfield ${part} for ${type.toLowerCase().replace("_", " ")} field "${field}"`),
  badComposite: (field, value) => badRequest(`Invalid object value ${quoted(value)} for field "${field}"`),
  badId: (field, text) => badRequest(`Invalid UUID value '${text}' for field "${field}"`),
  badTime: (field, text) =>
    badRequest(`Invalid value '${text}' for date-time field "${field}". Expected format: 'YYYY-MM-DDTHH:mm:ssZ'`),
  badBoolean: (field, value) => badRequest(`Invalid boolean value ${quoted(value)} for field "${field}"`),
  badNumber: (field, value) => badRequest(`Invalid number value ${quoted(value)} for field "${field}"`),
  badOption: (_object, field, value, options) =>
    badRequest(`Invalid value "${value}" for field "${field}". Valid values are: ${options.join(", ")}`),
  missingReference: (object, field) => badRequest(foreignKey(object, field)),
  duplicate: () => badRequest("A duplicate entry was detected"),
};

/** A value as Node prints it. */
function quoted(value: unknown): string {
  return typeof value === "string" ? `'${value}'` : JSON.stringify(value);
}
