import { invalidInput } from "../../../errors/crm-error.js";
import type { CredentialField } from "../../contract/credential-field.js";
import type { AuthorizationServer, OAuthDefinition } from "../../contract/oauth.js";

const SERVERS = [
  serverAt("https://login.salesforce.com", "production", "Production"),
  serverAt("https://test.salesforce.com", "sandbox", "Sandbox org"),
] as const;

const MY_DOMAIN = "https://yourcompany.my.salesforce.com";
/**
 * The sign-in hosts of My Domain: one label, or two in partitioned domains, such as
 * `yourcompany--uat.sandbox.my.salesforce.com`. Source: help.salesforce.com, "OAuth Endpoints".
 */
const MY_DOMAIN_HOST = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.){1,2}my\.salesforce\.com$/;

const myDomain: CredentialField = {
  name: "myDomain",
  label: "My Domain",
  hint: `The address at which you sign in, such as ${MY_DOMAIN}`,
  secret: false,
  required: true,
};

/** Administrators can prevent the sign-in at login.salesforce.com and test.salesforce.com. */
function serverOfMyDomain(address: string): AuthorizationServer {
  const text = address.trim();
  const url = URL.parse(text.includes("://") ? text : `https://${text}`);
  const known = SERVERS.find(({ tokenEndpoint }) => new URL(tokenEndpoint).origin === url?.origin);
  if (known) return known;
  if (url?.protocol === "https:" && url.port + url.username + url.password === "" && MY_DOMAIN_HOST.test(url.hostname))
    return serverAt(url.origin, url.hostname, url.hostname);
  throw invalidInput({ "credentials.myDomain": `Give the address of your org’s My Domain, such as ${MY_DOMAIN}.` });
}

export const oauth: OAuthDefinition = {
  servers: SERVERS,
  ownServers: { field: myDomain, read: serverOfMyDomain },
  clientAuthentication: "client_secret_post",
  pkce: true,
  refreshes: true,
  errorCodes: {
    inactive_user: "GRANT",
    inactive_org: "GRANT",
    // The administrator of the org has not installed the app there, has blocked it, or keeps this user from it.
    app_not_found: "GRANT",
    oauth_app_blocked: "GRANT",
    invalid_app_access: "GRANT",
    invalid_client_id: "CLIENT",
    redirect_uri_mismatch: "REDIRECT_URI",
  },
  scopes: ["api", "refresh_token"],
  answerFields: { instanceUrl: "instance_url" },
};

function serverAt(origin: string, id: string, label: string): AuthorizationServer {
  return {
    id,
    label,
    authorizationEndpoint: `${origin}/services/oauth2/authorize`,
    tokenEndpoint: `${origin}/services/oauth2/token`,
    revocationEndpoint: `${origin}/services/oauth2/revoke`,
  };
}
