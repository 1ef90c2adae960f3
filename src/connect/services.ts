import type { FastifyRequest } from "fastify";
import type { CrmError } from "../errors/crm-error.js";
import { failureFacts, isProviderFailure } from "../errors/failure-facts.js";
import type { Assets } from "./assets.js";
import type { Attempts } from "./attempt.js";
import type { Notices } from "./redirect-notices.js";
import type { ConnectRoutesOptions } from "./options.js";
import type { Sessions } from "./session.js";
import type { Submissions } from "./submissions.js";

/** The services that all Connect routes share. */
export interface ConnectServices {
  options: ConnectRoutesOptions;
  assets: Assets;
  sessions: Sessions;
  attempts: Attempts;
  notices: Notices;
  submissions: Submissions;
}

/**
 * Notes a failure in the record of its request. Failures of crmesh itself are also logged here, because the end user's page
 * shows only a general text: with a cause as errors, and others, such as a missing OAuth client, as warnings.
 */
export function noteFailure(
  { options: { logger } }: ConnectServices,
  { record }: FastifyRequest,
  error: CrmError,
): void {
  const { code, cause, details, definition } = error;
  record.noteErrors([code]);
  if (isProviderFailure(error)) record.noteFailedField(failureFacts(error));
  if (definition.origin !== "GATEWAY") return;
  const { provider, detail } = details;
  const line = { ...record.ids, code, provider, detail, err: cause };
  if (cause === undefined) logger.warn(line, "Connect could not serve a request");
  else logger.error(line, "Connect failed");
}
