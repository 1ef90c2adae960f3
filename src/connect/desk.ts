import type { FastifyReply, FastifyRequest } from "fastify";
import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import type { CrmError } from "../errors/crm-error.js";
import type { Assets } from "./assets.js";
import type { Attempts } from "./attempt.js";
import type { Notices } from "./notices.js";
import type { ConnectRoutesOptions } from "./options.js";
import type { Sessions } from "./session.js";
import type { Submissions } from "./submissions.js";
import { Visit } from "./visit.js";

/** What the routes share. */
export interface Desk {
  options: ConnectRoutesOptions;
  assets: Assets;
  sessions: Sessions;
  attempts: Attempts;
  notices: Notices;
  submissions: Submissions;
}

export function sendPage(reply: FastifyReply, page: VNode, status = 200): FastifyReply {
  return reply
    .code(status)
    .type("text/html; charset=utf-8")
    .send(`<!doctype html>\n${renderToString(page)}`);
}

/** @throws ConnectPageError when this browser holds no such session */
export function visitOf(desk: Desk, request: FastifyRequest): Promise<Visit> {
  return Visit.of(request, desk.sessions, desk.options.connect);
}

/** What crmesh or the CRM had to do with it, which the page does not tell. */
export function noteFailure({ options }: Desk, { id }: FastifyRequest, { code, cause, details }: CrmError): void {
  const { provider, upstream } = details;
  options.logger.warn({ requestId: id, code, provider, upstream, err: cause }, "A CRM could not be connected");
}

export function slugOf(request: FastifyRequest): string {
  return (request.params as { provider: string }).provider;
}
