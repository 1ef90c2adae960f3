import { Refusal } from "../../kit/refusal.js";

/** An error in Twenty's own words: `{statusCode, error, messages}`. */
export class TwentyError extends Refusal {
  constructor(status: number, error: string, message: string) {
    super(status, { statusCode: status, error, messages: [message] }, {}, message);
  }
}

export function badRequest(message: string): TwentyError {
  return new TwentyError(400, "BadRequestException", message);
}

/** What the database said, passed on as it is. */
export function queryFailed(message: string): TwentyError {
  return new TwentyError(400, "QueryFailedError", message);
}

/** Twenty says it of a read with status 400, too. */
export function recordNotFound(): TwentyError {
  return badRequest("Record not found");
}

export function entityNotFound(object: string, id: string): TwentyError {
  const where = JSON.stringify({ where: { id } }, null, 4);
  return new TwentyError(
    400,
    "EntityNotFoundError",
    `Could not find any entity of type "${object}" matching: ${where}`,
  );
}

export function missingToken(): TwentyError {
  return new TwentyError(403, "FORBIDDEN_EXCEPTION", "Missing authentication token");
}

export function badToken(): TwentyError {
  return new TwentyError(401, "UNAUTHENTICATED", "No payload");
}

export function limitReached(): TwentyError {
  return new TwentyError(429, "ThrottlerException", "Limit reached (100 tokens per 60000 ms)");
}

export function noPermission(): TwentyError {
  return new TwentyError(403, "PermissionsException", "Entity performing the request does not have permission");
}
