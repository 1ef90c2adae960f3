import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { AuthorizationAttempt } from "../connections/linking/connect-service.js";
import { CALLBACK_PATH } from "./paths.js";
import type { TokenCipher } from "./token-cipher.js";
import { cookieName, type ConnectSession } from "./session.js";

/** An authorization that the end user has not yet finished at the CRM, and the session to return to. */
export interface PendingAttempt {
  session: ConnectSession;
  attempt: AuthorizationAttempt;
}

const LIFETIME_S = 10 * 60;
const PURPOSE = "connect attempt";

/**
 * Keeps each attempt in a cookie that only the callback receives. The cookie's name contains the `state`, so that a
 * callback is accepted only in the browser that began with that state.
 */
export class Attempts {
  readonly #cipher: TokenCipher;
  readonly #secure: () => boolean;

  constructor(cipher: TokenCipher, secure: () => boolean) {
    this.#cipher = cipher;
    this.#secure = secure;
  }

  async keep(reply: FastifyReply, pending: PendingAttempt): Promise<void> {
    const encrypted = await this.#cipher.encrypt(PURPOSE, pending, LIFETIME_S);
    void reply.setCookie(this.#name(pending.attempt.state), encrypted, { ...this.#attributes(), maxAge: LIFETIME_S });
  }

  /** Returns the attempt with this state, once. Null if this browser did not begin it. */
  async take(request: FastifyRequest, reply: FastifyReply, state: string): Promise<PendingAttempt | null> {
    const name = this.#name(state);
    const encrypted = request.cookies[name];
    if (encrypted === undefined) return null;
    void reply.clearCookie(name, this.#attributes());
    const pending = await this.#cipher.decrypt<PendingAttempt>(PURPOSE, encrypted);
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
