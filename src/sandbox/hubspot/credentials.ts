/** The app every sandbox account has authorised; the only client the token endpoint knows. */
export const CLIENT_ID = "crmesh-sandbox";
export const CLIENT_SECRET = "sandbox-secret";

export const ACCESS_TOKEN_SECONDS = 1800;

const PRIVATE_APP_TOKEN = /^pat-sandbox-([a-z0-9-]{1,40})$/;
const ACCESS_TOKEN = /^hs-([a-z0-9-]{1,40})-(\d{13})$/;
const REFRESH_TOKEN = /^hs-rt-([a-z0-9-]{1,40})$/;

export interface Bearer {
  readonly account: string;
  /** Milliseconds since the epoch; null for a private app's token, which does not expire. */
  readonly expiresAt: number | null;
}

/** Tokens carry everything they say, so the sandbox remembers none. */
export function readBearer(authorization: string | undefined): Bearer | null {
  const token = /^Bearer\s+(\S+)$/i.exec(authorization ?? "")?.[1] ?? "";
  const privateApp = PRIVATE_APP_TOKEN.exec(token)?.[1];
  if (privateApp !== undefined) return { account: privateApp, expiresAt: null };
  const [, account, expiry] = ACCESS_TOKEN.exec(token) ?? [];
  return account === undefined ? null : { account, expiresAt: Number(expiry) };
}

export function accountOfRefreshToken(token: string): string | null {
  return REFRESH_TOKEN.exec(token)?.[1] ?? null;
}

export function issueCredentials(account: string, now: number) {
  const expiresAt = now + ACCESS_TOKEN_SECONDS * 1000;
  return {
    accessToken: `hs-${account}-${expiresAt}`,
    refreshToken: `hs-rt-${account}`,
    expiresAt: new Date(expiresAt).toISOString(),
  };
}
