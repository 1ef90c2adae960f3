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

/** The visits of requests that carry a form, which are looked at before the form is read. */
export class FormVisits {
  readonly #visits = new WeakMap<FastifyRequest, Visit>();

  constructor(private readonly desk: Desk) {}

  /**
   * For `onRequest`: whether one of our pages sent the form, in a session that this browser holds, and not too often. All
   * of that stands in the headers.
   */
  readonly admit = async (request: FastifyRequest): Promise<void> => {
    const { submissions } = this.desk;
    submissions.checkOrigin(request);
    const visit = await visitOf(this.desk, request);
    await submissions.count(visit.session);
    this.#visits.set(request, visit);
  };

  /** The visit of a request that was admitted. */
  of(request: FastifyRequest): Visit {
    const visit = this.#visits.get(request);
    if (!visit) throw new Error("The route does not admit its requests first.");
    return visit;
  }
}

/** What crmesh or the CRM had to do with it, which the page does not tell. */
export function noteFailure({ options }: Desk, { id }: FastifyRequest, { code, cause, details }: CrmError): void {
  const { provider, upstream } = details;
  options.logger.warn({ requestId: id, code, provider, upstream, err: cause }, "A CRM could not be connected");
}

export function slugOf(request: FastifyRequest): string {
  return (request.params as { provider: string }).provider;
}
