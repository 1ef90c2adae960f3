import { Refusal } from "../../kit/refusal.js";

/** An error in Twenty's form: `{statusCode, error, messages}`. */
export class TwentyError extends Refusal {
  constructor(status: number, error: string, message: string) {
    super(status, { statusCode: status, error, messages: [message] }, {}, message);
  }
}

export const badRequest = (message: string) => new TwentyError(400, "BadRequestException", message);
/** Recent versions say so of filters and of writes. */
export const noSuchField = (object: string, field: string) =>
  badRequest(`Object ${object} doesn't have any "${field}" field.`);
/** Makes an error with the database's own message. */
export const queryFailed = (message: string) => new TwentyError(400, "QueryFailedError", message);
/** Makes the error for a missing record. Its status is 400, also for a read. */
export const recordNotFound = () => badRequest("Record not found");
export const missingToken = () => new TwentyError(403, "FORBIDDEN_EXCEPTION", "Missing authentication token");
export const badToken = () => new TwentyError(401, "UNAUTHENTICATED", "No payload");
export const limitReached = () => new TwentyError(429, "ThrottlerException", "Limit reached (100 tokens per 60000 ms)");
export const noPermission = () =>
  new TwentyError(403, "PermissionsException", "Entity performing the request does not have permission");
export const internalError = () => new TwentyError(500, "Error", "Internal server error");

export function entityNotFound(object: string, id: string): TwentyError {
  const where = JSON.stringify({ where: { id } }, null, 4);
  const message = `Could not find any entity of type "${object}" matching: ${where}`;
  return new TwentyError(400, "EntityNotFoundError", message);
}
