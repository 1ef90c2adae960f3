import type { OAuthClient } from "../../../src/connections/calls/upstream-access.js";
import type { Credentials, Provider } from "../../../src/providers/contract/contract.js";

/** The real account that is set apart for tests, as the environment names it. */
export interface LiveSettings {
  credentials: Credentials;
  /** Needed only to renew an access token. */
  oauthClient: OAuthClient | null;
  /** The texts that must never be printed. */
  secrets: readonly string[];
}

/** Parts of an OAuth credential that people do not type in. */
const OF_OAUTH = ["refreshToken", "expiresAt", "authorizationServer"] as const;
/** Shorter texts would be replaced in words that are no secret. */
const SECRET_LENGTH = 4;

/**
 * Reads `CRMESH_LIVE_<SLUG>_<FIELD>` for every field of the provider's credential: `apiKey` is `…_API_KEY`.
 *
 * @throws Error that names the variables that are missing
 */
export function liveSettings(provider: Provider, environment: NodeJS.ProcessEnv): LiveSettings {
  const value = (name: string) => environment[variableOf(provider, name)] || undefined;
  const { credentialFields } = provider;
  const missing = credentialFields.filter(({ name, required }) => required && value(name) === undefined);
  const names = [...credentialFields.map(({ name }) => name), ...(provider.oauth ? OF_OAUTH : [])];
  const given = names.flatMap((name) => {
    const text = value(name);
    return text === undefined ? [] : [[name, text] as const];
  });
  if (missing.length > 0 || given.length === 0) {
    const wanted = (missing.length > 0 ? missing : credentialFields).map(({ name }) => variableOf(provider, name));
    throw new Error(`Set ${wanted.join(", ")}: the account of ${provider.name} that is set apart for tests.`);
  }
  const [id, secret] = [value("clientId"), value("clientSecret")];
  const hidden = credentialFields.filter((field) => field.secret).map(({ name }) => value(name));
  const secrets = [...hidden, value("refreshToken"), secret].filter((text) => text !== undefined);
  return {
    credentials: Object.fromEntries(given),
    oauthClient: id !== undefined && secret !== undefined ? { id, secret } : null,
    secrets: secrets.filter((text) => text.length >= SECRET_LENGTH),
  };
}

/** `CRMESH_LIVE_ESPOCRM_API_KEY` for the field `apiKey`. */
export function variableOf({ slug }: Provider, name: string): string {
  return `CRMESH_LIVE_${slug}_${name.replace(/[A-Z]/g, (letter) => `_${letter}`)}`.toUpperCase();
}

/** Replaces secrets in a text, also where they stand in a URL or as the user of Basic authentication. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(`${secret}:`).toString("base64"),
  ]);
  return (text) => forms.reduce((left, form) => left.replaceAll(form, "[secret]"), text);
}
