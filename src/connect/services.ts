import type { FastifyRequest } from "fastify";
import type { CrmError } from "../errors/crm-error.js";
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

/** Logs the cause of a failure. The end user's page shows only a general text. */
export function logFailure(
  { options }: ConnectServices,
  { id }: FastifyRequest,
  { code, cause, details }: CrmError,
): void {
  const { provider, upstream } = details;
  options.logger.warn({ requestId: id, code, provider, upstream, err: cause }, "A CRM could not be connected");
}
