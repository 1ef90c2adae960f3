import type { IncomingHttpHeaders } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ApiKeyAuthenticator } from "../connections/access/api-key-authenticator.js";
import type { Principal } from "../connections/access/principal.js";
import type { ConnectionService } from "../connections/lifecycle/connection-service.js";
import type { AnswerForm } from "../errors/answer-form.js";
import { CrmError, refusedRequest } from "../errors/crm-error.js";
import type { KeyRateLimit } from "./rate-limit.js";
import { SANDBOX_FAULT_HEADER, sandboxFaultsOf } from "./sandbox-fault-header.js";
import { connectionTimeoutOf } from "./timeout-header.js";

/** Seconds that a caller is told to wait during maintenance. */
const MAINTENANCE_RETRY_S = 60;

export interface AdmissionOptions {
  authenticator: ApiKeyAuthenticator;
  rateLimit: KeyRateLimit;
  connections: ConnectionService;
  maintenance: boolean;
  /** Names of the sandbox faults. Empty if the sandbox is off. */
  sandboxFaults: readonly string[];
}

/** What the headers of an admitted request say. */
export interface Admitted {
  principal: Principal;
  /** Provider slug → name of the fault. */
  faults: ReadonlyMap<string, string>;
  /** Milliseconds. Null if the caller sets no time. */
  connectionTimeoutMs: number | null;
}

/**
 * Checks the headers of a GraphQL request before its body is read: the key first, so that other callers learn nothing.
 * @throws CrmError SERVICE_UNAVAILABLE, INVALID_API_KEY, RATE_LIMITED or INVALID_INPUT
 */
export async function admit(
  { method, headers }: FastifyRequest,
  reply: FastifyReply,
  options: AdmissionOptions,
  form: AnswerForm,
): Promise<Admitted> {
  if (options.maintenance) {
    throw new CrmError("SERVICE_UNAVAILABLE", {
      detail: "crmesh is under maintenance.",
      retryAfter: MAINTENANCE_RETRY_S,
    });
  }
  const principal = await options.authenticator.authenticate(headers.authorization);
  await options.rateLimit.take(principal.keyId, reply);
  if (method === "POST") assertServable(headers, form);
  const faults = sandboxFaultsOf(headers[SANDBOX_FAULT_HEADER], principal.environment, {
    faults: options.sandboxFaults,
    hasProvider: (slug) => options.connections.registry.has(slug),
  });
  return { principal, faults, connectionTimeoutMs: connectionTimeoutOf(headers) };
}

/** @throws CrmError INVALID_INPUT with status 406 or 415 */
function assertServable({ accept, "content-encoding": encoding }: IncomingHttpHeaders, form: AnswerForm): void {
  // Apollo would find this out only after it has executed the operation.
  if (form.type(accept) === null) {
    throw refusedRequest(406, {
      Accept: "Expected a type that crmesh can send: application/json or application/graphql-response+json.",
    });
  }
  // A compressed body of a few KB could become many MB.
  if (encoding !== undefined && encoding !== "identity") {
    throw refusedRequest(415, { "Content-Encoding": "The request body must not be compressed." });
  }
}
