import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Grant, Grants } from "../kit/grants.js";

/** Maximum number of codes in memory, including spent codes. */
const MAX_CODES = 10_000;

/** A user's consent. */
export interface Consent {
  readonly account: string;
  readonly scopes: readonly string[];
  readonly redirectUri: string;
  /** The S256 challenge (RFC 7636). Null if the app sent none. */
  readonly codeChallenge: string | null;
}

export type CodeRefusal = "UNKNOWN" | "SPENT" | "EXPIRED" | "WRONG_REDIRECT_URI" | "WRONG_VERIFIER";

export type CodeRedemption = { outcome: "OK"; grant: Grant } | { outcome: CodeRefusal };

export interface AuthorizationCodeOptions {
  readonly grants: Grants;
  now: () => number;
  readonly lifetimeMs: number;
  /** The code verifiers that this CRM reads. */
  readonly verifiers: RegExp;
  /** Whether the exchange of a code may omit the redirect URI. */
  readonly redirectUriOptional?: boolean | undefined;
  /** Makes a code in this CRM's form. */
  newCode(): string;
}

interface IssuedCode {
  readonly consent: Consent;
  readonly expiresAt: number;
  grant: Grant | null;
}

/** The authorization codes of one CRM. A code is valid once, for a short time, for the app that requested it. */
export class AuthorizationCodes {
  readonly #options: AuthorizationCodeOptions;
  readonly #codes = new LRUCache<string, IssuedCode>({ max: MAX_CODES });

  constructor(options: AuthorizationCodeOptions) {
    this.#options = options;
  }

  issue(consent: Consent): string {
    const code = this.#options.newCode();
    this.#codes.set(code, { consent, expiresAt: this.#options.now() + this.#options.lifetimeMs, grant: null });
    return code;
  }

  redeem(code: string, given: { redirectUri: string | null; codeVerifier: string | null }): CodeRedemption {
    const { grants, now } = this.#options;
    const issued = this.#codes.get(code);
    if (!issued) return { outcome: "UNKNOWN" };
    if (issued.grant) {
      // Two parties have the code, and one may be a thief. So the tokens from the code are revoked (RFC 6749, section
      // 4.1.2).
      grants.revoke(issued.grant.account, issued.grant.family);
      return { outcome: "SPENT" };
    }
    const { consent, expiresAt } = issued;
    if (expiresAt <= now()) return { outcome: "EXPIRED" };
    const isNamed = given.redirectUri !== null || !this.#options.redirectUriOptional;
    if (isNamed && given.redirectUri !== consent.redirectUri) return { outcome: "WRONG_REDIRECT_URI" };
    if (!this.#matches(consent.codeChallenge, given.codeVerifier)) return { outcome: "WRONG_VERIFIER" };
    issued.grant = grants.open(consent.account, consent.scopes);
    return { outcome: "OK", grant: issued.grant };
  }

  #matches(challenge: string | null, verifier: string | null): boolean {
    // A verifier without a challenge shows that an attacker removed the challenge from the request (RFC 9700, 4.8.2).
    if (challenge === null || verifier === null) return challenge === verifier;
    return this.#options.verifiers.test(verifier) && challengeOf(verifier) === challenge;
  }
}

function challengeOf(verifier: string): string {
  return createHash("sha256").update(verifier).digest("base64url");
}
