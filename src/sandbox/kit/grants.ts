import { randomBytes } from "node:crypto";

/** The consent of an account that a token belongs to. */
export interface GrantKey {
  readonly account: string;
  /** Null for a token without consent, such as that of a private app. */
  readonly family: string | null;
}

export interface Grant {
  readonly account: string;
  readonly family: string;
  /** Null for all scopes of the CRM, and for a consent that is older than this process. */
  readonly scopes: readonly string[] | null;
  /** How often the refresh token has been replaced. */
  readonly generation: number;
}

/** The content of a refresh token. */
export interface ShownRefreshToken {
  readonly account: string;
  readonly family: string;
  readonly generation: number;
}

/** The grant that every account has without consent. */
const SEED_FAMILY = "seed";

export function seedGrant(account: string): Grant {
  return { account, family: SEED_FAMILY, scopes: null, generation: 0 };
}

export function isSeed({ family }: Pick<Grant, "family">): boolean {
  return family === SEED_FAMILY;
}

interface Family {
  readonly account: string;
  readonly scopes: readonly string[] | null;
  generation: number;
  revoked: boolean;
}

/**
 * The grants of one authorization server, each with the family of refresh tokens that came from it.
 *
 * A token contains the name of its account, so a token from before a restart still opens its account. This process does
 * not know the generation of tokens that an earlier process issued. So the first generation that it sees of an unknown
 * family counts as the current generation. Otherwise, a stored token that was rotated could not be used after a restart
 * of the sandbox.
 */
export class Grants {
  readonly #rotate: boolean;
  readonly #families = new Map<string, Family>();
  readonly #uninstalled = new Set<string>();
  readonly #revokedAccessTokens = new Set<string>();
  readonly #refreshes = new Map<string, number>();

  /**
   * @param rotation "on": each refresh replaces the refresh token, and the use of a replaced token revokes its family
   */
  constructor(rotation: "off" | "on") {
    this.#rotate = rotation === "on";
  }

  /** Opens a grant for a new consent. Without `scopes`, the grant has all scopes. */
  open(account: string, scopes: readonly string[] | null = null): Grant {
    const family = randomBytes(6).toString("hex");
    this.#families.set(keyOf(account, family), { account, scopes, generation: 0, revoked: false });
    return { account, family, scopes, generation: 0 };
  }

  /** Refreshes a grant. Null if the token is no longer valid. */
  refresh({ account, family, generation }: ShownRefreshToken): Grant | null {
    if (!this.isAlive({ account, family })) return null;
    const known = this.#met(account, family, generation);
    if (generation !== known.generation) {
      // Two parties have the token, and one may be a thief. So all tokens of the family end (RFC 9700, section 4.14.2).
      known.revoked = true;
      return null;
    }
    if (this.#rotate) known.generation += 1;
    this.#refreshes.set(account, this.refreshes(account) + 1);
    return { account, family, scopes: known.scopes, generation: known.generation };
  }

  isAlive({ account, family }: GrantKey): boolean {
    const known = family === null ? undefined : this.#families.get(keyOf(account, family));
    return known ? !known.revoked : !this.#uninstalled.has(account);
  }

  /** Whether this access token still opens its account. Ignores its expiry. */
  opens(token: string, key: GrantKey): boolean {
    return this.isAlive(key) && !this.#revokedAccessTokens.has(token);
  }

  /** Revokes the refresh token of a family, with all its access tokens. */
  revoke(account: string, family: string): void {
    this.#met(account, family, 0).revoked = true;
  }

  revokeAccessToken(token: string): void {
    this.#revokedAccessTokens.add(token);
  }

  /** Removes the app from an account: all its grants end. A later consent is a new grant. */
  uninstall(account: string): void {
    this.#uninstalled.add(account);
    for (const family of this.#families.values()) if (family.account === account) family.revoked = true;
  }

  /** The number of successful refreshes of this account. */
  refreshes(account: string): number {
    return this.#refreshes.get(account) ?? 0;
  }

  #met(account: string, family: string, generation: number): Family {
    const key = keyOf(account, family);
    const known = this.#families.get(key) ?? { account, scopes: null, generation, revoked: false };
    this.#families.set(key, known);
    return known;
  }
}

/** Joins two names. Neither name contains a dot, so the key is unique. */
function keyOf(account: string, family: string): string {
  return `${account}.${family}`;
}
