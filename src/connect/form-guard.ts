import type { FastifyRequest } from "fastify";
import type { ConnectServices } from "./services.js";
import { viewOf, type SessionView } from "./session-view.js";

/** Checks requests that carry a form before the form is read. */
export class FormGuard {
  readonly #views = new WeakMap<FastifyRequest, SessionView>();

  constructor(private readonly services: ConnectServices) {}

  /**
   * An `onRequest` hook: admits a form that one of our own pages sent, in a session of this browser, within the rate
   * limit. The headers suffice for that.
   * @throws ConnectPageError
   */
  readonly admit = async (request: FastifyRequest): Promise<void> => {
    const { submissions } = this.services;
    submissions.checkOrigin(request);
    const view = await viewOf(this.services, request);
    await submissions.count(view.session);
    this.#views.set(request, view);
  };

  /** The session of an admitted request. */
  viewOf(request: FastifyRequest): SessionView {
    const view = this.#views.get(request);
    if (!view) throw new Error("The route does not use FormGuard.admit as its onRequest hook.");
    return view;
  }
}
