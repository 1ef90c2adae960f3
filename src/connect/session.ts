import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ConnectGrant } from "../connections/linking/connect-tokens.js";
import { linksOf } from "./links.js";
import type { Seal } from "./seal.js";

/** One end user at work in one browser tab, from the opened link to the end. */
export interface ConnectSession {
  sid: string;
  grant: ConnectGrant;
  /** The page that opened the window: the only one that is told how it ended. Null without one. */
  openerOrigin: string | null;
}

const LIFETIME_S = 30 * 60;
const PURPOSE = "connect session";
const COOKIE = "crmesh_connect";
const SID = /^[A-Za-z0-9_-]{22}$/;

/** The same link leads to the same session, so that opening it again in the same browser goes on where it was. */
export function sidOf(token: string): string {
  return createHash("sha256").update(token).digest("base64url").slice(0, 22);
}

/** Browsers keep a cookie of the name `__Secure-…` only when it came over https. */
export function cookieName(name: string, secure: boolean): string {
  return secure ? `__Secure-${name}` : name;
}

/** Sessions live in a cookie each, bound to the session's own path, so that two tabs for two end users never mix. */
export class Sessions {
  readonly #seal: Seal;
  readonly #secure: () => boolean;

  constructor(seal: Seal, secure: () => boolean) {
    this.#seal = seal;
    this.#secure = secure;
  }

  async keep(reply: FastifyReply, session: ConnectSession): Promise<void> {
    const secure = this.#secure();
    void reply.setCookie(cookieName(COOKIE, secure), await this.#seal.close(PURPOSE, session, LIFETIME_S), {
      path: linksOf(session.sid).home,
      maxAge: LIFETIME_S,
      httpOnly: true,
      sameSite: "lax",
      secure,
    });
  }

  /** The session whose path the request names; null when this browser does not hold it (any more). */
  async of(request: FastifyRequest): Promise<ConnectSession | null> {
    const { sid } = request.params as { sid?: string };
    if (!sid || !SID.test(sid)) return null;
    const session = await this.#seal.open<ConnectSession>(PURPOSE, request.cookies[cookieName(COOKIE, this.#secure())]);
    return session?.sid === sid ? session : null;
  }
}
