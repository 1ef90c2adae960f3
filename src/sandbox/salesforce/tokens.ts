/** The one connected app that this sandbox knows. */
export const CLIENT_ID = "crmesh-sandbox";
export const CLIENT_SECRET = "sandbox-secret";

const SESSION_MS = 2 * 60 * 60 * 1000;

const STATIC_TOKEN = /^00Dsandbox-([a-z0-9-]{1,40})$/;
const SESSION_TOKEN = /^sf-([a-z0-9-]{1,40})-(\d{1,15})$/;
const REFRESH_TOKEN = /^sf-rt-([a-z0-9-]{1,40})$/;

/** An access token that says by itself whose it is and until when. */
export function sessionToken(account: string, now: number): string {
  return `sf-${account}-${now + SESSION_MS}`;
}

export function refreshToken(account: string): string {
  return `sf-rt-${account}`;
}

/** The account that an access token opens; null when it is unknown or has expired. */
export function accountOfAccessToken(token: string, now: number): string | null {
  const staticToken = STATIC_TOKEN.exec(token);
  if (staticToken) return staticToken[1]!;
  const session = SESSION_TOKEN.exec(token);
  return session && Number(session[2]) > now ? session[1]! : null;
}

export function accountOfRefreshToken(token: string): string | null {
  return REFRESH_TOKEN.exec(token)?.[1] ?? null;
}
