import type { OAuthDefinition } from "../../contract/oauth.js";
import { PATHS } from "./api-versions.js";

const TOKEN_ENDPOINT = `https://api.hubapi.com${PATHS.oauth}/token`;

export const oauth: OAuthDefinition = {
  servers: [
    {
      id: "hubspot",
      label: "HubSpot",
      authorizationEndpoint: "https://app.hubspot.com/oauth/authorize",
      tokenEndpoint: TOKEN_ENDPOINT,
      revocationEndpoint: `${TOKEN_ENDPOINT}/revoke`,
    },
  ],
  clientAuthentication: "client_secret_post",
  pkce: true,
  refreshes: true,
  errorCodes: {
    BAD_REFRESH_TOKEN: "GRANT",
    BAD_AUTH_CODE: "GRANT",
    BAD_CODE_VERIFIER: "GRANT",
    BAD_HUB: "GRANT",
    BAD_CLIENT_ID: "CLIENT",
    BAD_CLIENT_SECRET: "CLIENT",
    BAD_REDIRECT_URI: "REDIRECT_URI",
  },
  // The scopes for contacts also apply to meetings.
  scopes: ["oauth", "crm.objects.contacts.read", "crm.objects.contacts.write", "crm.objects.owners.read"],
  // The scopes for leads are optional. Accounts without Sales Hub Professional have no leads and could not connect
  // otherwise. So is the one for companies: apps that do not ask for it yet keep working.
  authorizationParameters: {
    optional_scope: "crm.objects.leads.read crm.objects.leads.write crm.objects.companies.read",
  },
};
