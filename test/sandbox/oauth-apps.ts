import { createHash } from "node:crypto";
import { Client } from "@hubspot/api-client";
import jsforce from "jsforce";
import type { SandboxCrm } from "../../src/sandbox/kit/crm.js";
import { hubspotSandbox } from "../../src/sandbox/crms/hubspot/index.js";
import { salesforceSandbox } from "../../src/sandbox/crms/salesforce/index.js";

/** Apps that let their users connect a CRM. Each app uses the vendor's own SDK. */

export const CLIENT = { id: "crmesh-sandbox", secret: "sandbox-secret" };
export const REDIRECT_URI = "http://127.0.0.1:4999/callback";
export const VERIFIER = "Zk9-abcdefghijklmnopqrstuvwxyz_0123456789ABCDEF";

export interface Tokens {
  accessToken: string;
  refreshToken: string | undefined;
}

export interface CodeExchange {
  code: string;
  redirectUri?: string;
  codeVerifier?: string | null;
  client?: { id: string; secret: string };
}

export interface App {
  sandbox: SandboxCrm;
  allow: string;
  deny: string;
  /** Lifetime of a code in ms. */
  codeLifetime: number;
  tokenPath: string;
  revokePath: string;
  /** With the PKCE challenge of `VERIFIER`. */
  authorizationUrl(origin: string, state: string): string;
  exchange(origin: string, exchange: CodeExchange): Promise<Tokens>;
  refresh(origin: string, refreshToken: string): Promise<Tokens>;
  revoke(origin: string, token: string): Promise<unknown>;
  /** The account's own id, from a call with the token. */
  whoAmI(origin: string, accessToken: string): Promise<string>;
}

export function challengeOf(verifier: string): string {
  return createHash("sha256").update(verifier).digest("base64url");
}

export async function postForm(url: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  const response = await fetch(url, { method: "POST", body: new URLSearchParams(fields), headers });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  const body = (isJson ? JSON.parse(text) : {}) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, text, body };
}

/** The OAuth error code of a refused call. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    (value) => new Error(`not refused: ${JSON.stringify(value)}`),
    (reason: unknown) => reason as Error & { body?: unknown },
  );
  const { body } = error as { body?: unknown };
  if (body === undefined) return error.name === "Error" ? error.message : error.name;
  return ((typeof body === "string" ? JSON.parse(body) : body) as { error: string }).error;
}

const HUBSPOT_SCOPES = "oauth crm.objects.contacts.read crm.objects.leads.read";

const hubspotApp: App = {
  sandbox: hubspotSandbox,
  allow: "Connect app",
  deny: "Cancel",
  codeLifetime: 60_000,
  tokenPath: "/oauth/2026-03/token",
  revokePath: "/oauth/2026-03/token/revoke",
  authorizationUrl(origin, state) {
    const url = new URL(
      new Client().oauth.getAuthorizationUrl(CLIENT.id, REDIRECT_URI, HUBSPOT_SCOPES, undefined, state),
    );
    url.searchParams.set("code_challenge", challengeOf(VERIFIER));
    url.searchParams.set("code_challenge_method", "S256");
    return `${origin}${url.pathname}${url.search}`;
  },
  // The SDK has no parameter for a code verifier.
  async exchange(origin, { code, redirectUri = REDIRECT_URI, codeVerifier = VERIFIER, client = CLIENT }) {
    const { status, body } = await postForm(`${origin}/oauth/2026-03/token`, {
      grant_type: "authorization_code",
      code,
      redirect_uri: redirectUri,
      client_id: client.id,
      client_secret: client.secret,
      ...(codeVerifier === null ? {} : { code_verifier: codeVerifier }),
    });
    if (status !== 200) throw Object.assign(new Error(`${status}`), { body });
    return { accessToken: String(body.access_token), refreshToken: String(body.refresh_token) };
  },
  async refresh(origin, refreshToken) {
    const { tokensApi } = new Client({ basePath: origin }).oauth;
    return tokensApi.create("refresh_token", undefined, undefined, CLIENT.id, CLIENT.secret, refreshToken);
  },
  async revoke(origin, token) {
    const form = { client_id: CLIENT.id, client_secret: CLIENT.secret, token };
    const { status, body } = await postForm(`${origin}/oauth/2026-03/token/revoke`, form);
    if (status !== 200) throw Object.assign(new Error(`${status}`), { body });
  },
  async whoAmI(origin, accessToken) {
    const client = new Client({ basePath: origin, accessToken });
    const response = await client.apiRequest({ path: "/account-info/v3/details" });
    if (!response.ok) throw new Error(String(response.status));
    return String(((await response.json()) as { portalId: number }).portalId);
  },
};

function salesforceOAuth(origin: string, { redirectUri = REDIRECT_URI, client = CLIENT }: Partial<CodeExchange> = {}) {
  return new jsforce.OAuth2({ loginUrl: origin, clientId: client.id, clientSecret: client.secret, redirectUri });
}

const salesforceApp: App = {
  sandbox: salesforceSandbox,
  allow: "Allow",
  deny: "Deny",
  codeLifetime: 15 * 60_000,
  tokenPath: "/services/oauth2/token",
  revokePath: "/services/oauth2/revoke",
  authorizationUrl(origin, state) {
    const scope = "api refresh_token";
    const code_challenge = challengeOf(VERIFIER);
    return salesforceOAuth(origin).getAuthorizationUrl({ scope, state, code_challenge, code_challenge_method: "S256" });
  },
  async exchange(origin, { code, codeVerifier = VERIFIER, ...rest }) {
    const parameters = codeVerifier === null ? {} : { code_verifier: codeVerifier };
    return tokensOf(await salesforceOAuth(origin, rest).requestToken(code, parameters));
  },
  async refresh(origin, refreshToken) {
    return tokensOf(await salesforceOAuth(origin).refreshToken(refreshToken));
  },
  revoke: (origin, token) => salesforceOAuth(origin).revokeToken(token),
  async whoAmI(origin, accessToken) {
    const connection = new jsforce.Connection({ instanceUrl: origin, accessToken, version: "66.0" });
    // The name of the integrations' user contains the account's name.
    const { records } = await connection.query("SELECT Username FROM User WHERE Username LIKE 'integration@%'");
    return String(records[0]!.Username);
  },
};

function tokensOf(answer: { access_token: string; refresh_token?: string }): Tokens {
  return { accessToken: answer.access_token, refreshToken: answer.refresh_token };
}

export const APPS: readonly (readonly [slug: string, app: App])[] = [
  ["hubspot", hubspotApp],
  ["salesforce", salesforceApp],
];
