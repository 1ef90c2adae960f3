import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { AuthorizationAttempt } from "../connections/linking/connect-service.js";
import { CALLBACK_PATH } from "./links.js";
import type { Seal } from "./seal.js";
import { cookieName, type ConnectSession } from "./session.js";

/** An end user who is at the CRM now, and the session to come back to. */
export interface PendingAttempt {
  session: ConnectSession;
  attempt: AuthorizationAttempt;
}

const LIFETIME_S = 10 * 60;
const PURPOSE = "connect attempt";

/**
 * Attempts live in a cookie each that only the callback gets to see, named after their state: a callback is taken in the
 * browser alone that was sent out with that state.
 */
export class Attempts {
  readonly #seal: Seal;
  readonly #secure: () => boolean;

  constructor(seal: Seal, secure: () => boolean) {
    this.#seal = seal;
    this.#secure = secure;
  }

  async keep(reply: FastifyReply, pending: PendingAttempt): Promise<void> {
    const sealed = await this.#seal.close(PURPOSE, pending, LIFETIME_S);
    void reply.setCookie(this.#name(pending.attempt.state), sealed, { ...this.#attributes(), maxAge: LIFETIME_S });
  }

  /** The attempt with this state, which is then used up; null when this browser was not sent out with it. */
  async take(request: FastifyRequest, reply: FastifyReply, state: string): Promise<PendingAttempt | null> {
    const name = this.#name(state);
    const sealed = request.cookies[name];
    if (sealed === undefined) return null;
    void reply.clearCookie(name, this.#attributes());
    const pending = await this.#seal.open<PendingAttempt>(PURPOSE, sealed);
    return pending?.attempt.state === state ? pending : null;
  }

  #name(state: string): string {
    const hash = createHash("sha256").update(state).digest("base64url").slice(0, 22);
    return cookieName(`crmesh_attempt_${hash}`, this.#secure());
  }

  #attributes() {
    return { path: CALLBACK_PATH, httpOnly: true, sameSite: "lax", secure: this.#secure() } as const;
  }
}
