import { randomUUID } from "node:crypto";
import { errors, jwtVerify, SignJWT, type JWTPayload } from "jose";
import type { DerivedKey } from "../../store/derived-keys.js";
import type { Environment } from "../../store/schema.js";
import type { SpentConnectTokens } from "../../store/spent-connect-tokens.js";

/**
 * What the holder of a connect token may do: connect, reconnect and disconnect CRMs of one end user, of all providers or
 * of one. With a `connectionId` the holder may only reconnect that one connection.
 */
export interface ConnectGrant {
  tokenId: string;
  workspaceId: string;
  environment: Environment;
  /** crmesh's own id (`eu_…`). */
  endUserId: string;
  /** The one provider that may be connected. Null for all. */
  provider: string | null;
  /** The one connection that may be reconnected. Null if the holder may do everything with the connections of the providers. */
  connectionId: string | null;
  /** The end user returns to this URL. A popup reports only to its origin. */
  redirectUrl: string | null;
}

export interface ConnectToken {
  /** `ct_…`. A secret: its holder acts for the end user. */
  token: string;
  expiresAt: Date;
  /** The Connect link, to be opened in the end user's browser. */
  url: string;
}

export type Redemption = { outcome: "OK"; grant: ConnectGrant } | { outcome: "INVALID" | "EXPIRED" | "SPENT" };

const PREFIX = "ct_";
const LIFETIME_S = 600;
const ALGORITHM = "HS256";

export interface ConnectTokenOptions {
  /** The first key signs; all of them verify. */
  keys: readonly DerivedKey[];
  spent: SpentConnectTokens;
  /** Origin under which end users reach crmesh. */
  publicUrl: () => string;
  now: () => number;
}

/**
 * Issues and redeems connect tokens. They are signed and not stored, so that an error with a reconnect link costs no
 * write, and any replica can redeem it. Only the ids of spent tokens are stored.
 */
export class ConnectTokens {
  readonly #options: ConnectTokenOptions;

  constructor(options: ConnectTokenOptions) {
    this.#options = options;
  }

  async issue(grant: Omit<ConnectGrant, "tokenId">): Promise<ConnectToken> {
    const { keys, publicUrl, now } = this.#options;
    const [{ id, key }] = keys as [DerivedKey];
    const expiresAtS = Math.floor(now() / 1000) + LIFETIME_S;
    const claims = {
      ws: grant.workspaceId,
      env: grant.environment,
      eu: grant.endUserId,
      ...(grant.provider === null ? {} : { provider: grant.provider }),
      ...(grant.connectionId === null ? {} : { con: grant.connectionId }),
      ...(grant.redirectUrl === null ? {} : { redirect: grant.redirectUrl }),
    };
    const signed = await new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM, kid: id })
      .setJti(randomUUID())
      .setExpirationTime(expiresAtS)
      .sign(key);
    const token = PREFIX + signed;
    return { token, expiresAt: new Date(expiresAtS * 1000), url: `${publicUrl()}/connect?token=${token}` };
  }

  /**
   * Spends a token. Only one of several callers gets its grant.
   * @param admit checks the caller before the token is spent. If it rejects, the token stays as it is, and so does the error
   */
  async redeem(token: string, admit: (grant: ConnectGrant) => Promise<void>): Promise<Redemption> {
    const claims = await this.#verify(token);
    if (typeof claims === "string") return { outcome: claims };
    const grant = grantOf(claims);
    await admit(grant);
    const first = await this.#options.spent.spend(claims.jti!, new Date(claims.exp! * 1000));
    return first ? { outcome: "OK", grant } : { outcome: "SPENT" };
  }

  async #verify(token: string): Promise<JWTPayload | "INVALID" | "EXPIRED"> {
    if (!token.startsWith(PREFIX)) return "INVALID";
    const { keys, now } = this.#options;
    try {
      const { payload } = await jwtVerify(
        token.slice(PREFIX.length),
        ({ kid }) => {
          const found = keys.find(({ id }) => id === kid);
          if (!found) throw new errors.JWKSNoMatchingKey();
          return found.key;
        },
        { algorithms: [ALGORITHM], currentDate: new Date(now()), requiredClaims: ["jti", "exp", "ws", "env", "eu"] },
      );
      return payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired) return "EXPIRED";
      // All other errors of the library mean that the token is not ours.
      if (error instanceof errors.JOSEError) return "INVALID";
      throw error;
    }
  }
}

function grantOf(claims: JWTPayload): ConnectGrant {
  return {
    tokenId: claims.jti!,
    workspaceId: claims["ws"] as string,
    environment: claims["env"] as Environment,
    endUserId: claims["eu"] as string,
    provider: (claims["provider"] as string | undefined) ?? null,
    connectionId: (claims["con"] as string | undefined) ?? null,
    redirectUrl: (claims["redirect"] as string | undefined) ?? null,
  };
}
