import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ConnectGrant } from "../connections/linking/connect-tokens.js";
import { pathsOf } from "./paths.js";
import type { TokenCipher } from "./token-cipher.js";

/** The session of one end user in one browser tab. It begins when the Connect link is opened. */
export interface ConnectSession {
  sid: string;
  grant: ConnectGrant;
  /** Origin of the page that opened the window, the only one that gets its messages. Null if no page did. */
  openerOrigin: string | null;
}

const LIFETIME_S = 30 * 60;
const PURPOSE = "connect session";
const COOKIE = "crmesh_connect";
const SID = /^[A-Za-z0-9_-]{22}$/;

/** Derives the session id from the token, so that the same link opens the same session again in the same browser. */
export function sidOf(token: string): string {
  return createHash("sha256").update(token).digest("base64url").slice(0, 22);
}

/** The `__Secure-` prefix makes browsers accept the cookie only over https. */
export function cookieName(name: string, secure: boolean): string {
  return secure ? `__Secure-${name}` : name;
}

/** Keeps each session in a cookie for the session's own path, so that two tabs for two end users never mix. */
export class Sessions {
  readonly #cipher: TokenCipher;
  readonly #secure: () => boolean;

  constructor(cipher: TokenCipher, secure: () => boolean) {
    this.#cipher = cipher;
    this.#secure = secure;
  }

  async keep(reply: FastifyReply, session: ConnectSession): Promise<void> {
    const secure = this.#secure();
    void reply.setCookie(cookieName(COOKIE, secure), await this.#cipher.encrypt(PURPOSE, session, LIFETIME_S), {
      path: pathsOf(session.sid).home,
      maxAge: LIFETIME_S,
      httpOnly: true,
      sameSite: "lax",
      secure,
    });
  }

  /** The session that the request's path names. Null if this browser does not have it, or it has expired. */
  async of(request: FastifyRequest): Promise<ConnectSession | null> {
    const { sid } = request.params as { sid?: string };
    if (!sid || !SID.test(sid)) return null;
    const session = await this.#cipher.decrypt<ConnectSession>(
      PURPOSE,
      request.cookies[cookieName(COOKIE, this.#secure())],
    );
    return session?.sid === sid ? session : null;
  }
}
