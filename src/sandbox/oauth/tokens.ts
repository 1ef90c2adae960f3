import { ACCOUNT_NAME } from "../kit/accounts.js";
import { type Grant, isSeed, seedGrant, type ShownRefreshToken } from "../kit/grants.js";

const FAMILY = "[a-z0-9]{1,12}";

/** The content of an access token. */
export interface ShownAccessToken {
  readonly account: string;
  readonly family: string | null;
  /** Milliseconds since the epoch. Null for a token that does not expire. */
  readonly expiresAt: number | null;
}

/**
 * The tokens of one CRM. A token contains its account, its expiry and its grant. The tokens of an account's grant
 * without consent are short: `hs-demo-1780317000000`, `hs-rt-demo`. Other tokens name the consent:
 * `hs-demo.1f0c…-1780317000000`.
 */
export class TokenFormat {
  readonly #prefix: string;
  readonly #staticPrefix: string;
  readonly #static: RegExp;
  readonly #access: RegExp;
  readonly #refresh: RegExp;

  /** @param staticPrefix the text before the account in a token without consent, which never expires */
  constructor({ prefix, staticPrefix }: { prefix: string; staticPrefix: string }) {
    this.#prefix = prefix;
    this.#staticPrefix = staticPrefix;
    this.#static = new RegExp(`^${staticPrefix}(${ACCOUNT_NAME})$`);
    this.#access = new RegExp(`^${prefix}-(${ACCOUNT_NAME})(?:\\.(${FAMILY}))?-(\\d{1,15})$`);
    this.#refresh = new RegExp(`^${prefix}-rt-(${ACCOUNT_NAME})(?:\\.(${FAMILY})\\.(\\d{1,9}))?$`);
  }

  /** The token of an account that needs no consent and never expires. */
  staticToken(account: string): string {
    return `${this.#staticPrefix}${account}`;
  }

  accessToken(grant: Grant, expiresAt: number): string {
    const { account, family } = grant;
    return `${this.#prefix}-${isSeed(grant) ? account : `${account}.${family}`}-${expiresAt}`;
  }

  refreshToken(grant: Grant): string {
    const { account, family, generation } = grant;
    return `${this.#prefix}-rt-${isSeed(grant) && generation === 0 ? account : `${account}.${family}.${generation}`}`;
  }

  readAccessToken(token: string): ShownAccessToken | null {
    const withoutConsent = this.#static.exec(token)?.[1];
    if (withoutConsent !== undefined) return { account: withoutConsent, family: null, expiresAt: null };
    const [, account, family, expiry] = this.#access.exec(token) ?? [];
    if (account === undefined) return null;
    return { account, family: family ?? seedGrant(account).family, expiresAt: Number(expiry) };
  }

  readRefreshToken(token: string): ShownRefreshToken | null {
    const [, account, family, generation] = this.#refresh.exec(token) ?? [];
    if (account === undefined) return null;
    return family === undefined ? seedGrant(account) : { account, family, generation: Number(generation) };
  }
}
