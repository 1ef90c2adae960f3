import type { IncomingHttpHeaders } from "node:http";
import { CONNECTION_TIMEOUT_HEADER } from "../connections/calls/operation.js";
import { invalidInput } from "../errors/crm-error.js";

/**
 * Reads `X-Crmesh-Timeout-Ms: 3000`: the milliseconds that the operation may wait for each connection.
 * @returns null without the header
 * @throws CrmError INVALID_INPUT unless the value is a whole number of at least 1
 */
export function connectionTimeoutOf(headers: IncomingHttpHeaders): number | null {
  const value = headers[CONNECTION_TIMEOUT_HEADER.toLowerCase()];
  if (value === undefined) return null;
  const ms = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : 0;
  if (ms >= 1) return ms;
  throw invalidInput({ [CONNECTION_TIMEOUT_HEADER]: "Expected a whole number of milliseconds, at least 1." });
}
