import { Refusal } from "../../kit/refusal.js";

/**
 * A refusal in the Web API's envelope. Its codes are in Microsoft's documents or in many clients. If the code is not
 * known, it is empty, which Microsoft allows.
 * Source: learn.microsoft.com, "Compose HTTP requests and handle errors".
 */
export class DataverseError extends Refusal {
  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(status, { error: { code, message } }, { "odata-version": "4.0", ...headers }, message);
  }
}

const badRequest = (code: string, message: string) => new DataverseError(400, code, message);

export const notFound = (entity: string, id: string) =>
  new DataverseError(404, "0x80040217", `${entity} With Id = ${id} Does Not Exist`);
export const noSuchSegment = (segment: string) =>
  new DataverseError(404, "0x8006088a", `Resource not found for the segment '${segment}'.`);
export const badQuery = (message: string) => badRequest("0x80060888", message);
export const noSuchProperty = (name: string, entity: string) =>
  badQuery(`Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.${entity}'.`);
export const badPayload = (entity: string, message: string) =>
  badRequest(
    "0x80048d19",
    `Error identified in Payload provided by the user for Entity :'${entity}' ----> InnerException : ${message}`,
  );
export const tooLong = (column: string, entity: string, max: number) =>
  badRequest(
    "0x80044331",
    `A validation error occurred. The length of the '${column}' attribute of the '${entity}' entity exceeded the maximum allowed length of '${max}'.`,
  );
export const outsideRange = (column: string, entity: string, accepted: readonly number[]) =>
  badRequest(
    "0x8004431a",
    `The value of '${column}' on record of type '${entity}' is outside the valid range. Accepted Values: ${accepted.join(",")}`,
  );
export const wrongStatus = (status: number, state: string) =>
  badRequest("0x80048408", `${status} is not a valid status code for state code ${state}.`);
export const readOnlyRecord = (entity: string) =>
  badRequest("", `The ${entity} is closed: it cannot be changed until it is activated again.`);

/**
 * Makes the refusal of a duplicate. Microsoft's table of statuses has 412 for it, and the example of duplicate
 * detection has 500.
 */
export const duplicate = (status: 412 | 500) =>
  new DataverseError(
    status,
    "0x80040333",
    "A record was not created or updated because a duplicate of the current record already exists.",
  );
export const preconditionFailed = () =>
  new DataverseError(412, "0x80060882", "The version of the existing record doesn't match the one provided.");
export const tooManyRequests = (retryAfterS: number) =>
  new DataverseError(
    429,
    "0x80072322",
    "Number of requests exceeded the limit of 6000 over time window of 300 seconds.",
    { "retry-after": String(retryAfterS) },
  );
export const missingPrivilege = () =>
  new DataverseError(
    403,
    "0x80040220",
    "Principal user is missing prvReadContact privilege on OTC=2 for entity 'contact'.",
  );
export const unexpected = () => new DataverseError(500, "0x80040216", "An unexpected error occurred.");

/** Makes a 401. The body may be empty or a page, so callers can rely only on status and header. */
export function unauthorized(kind: "EMPTY" | "PAGE"): Refusal {
  const page = "<html><head><title>401 - Unauthorized</title></head><body>Access is denied.</body></html>";
  return new Refusal(401, kind === "EMPTY" ? "" : page, {
    "www-authenticate":
      "Bearer authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize, resource_id=https://sandbox.crm.dynamics.com/",
  });
}
