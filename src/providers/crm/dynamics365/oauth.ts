import type { OAuthDefinition } from "../../contract/oauth.js";
import { environmentOf, environmentUrl } from "./account.js";

const AUTHORITY = "https://login.microsoftonline.com/organizations/oauth2/v2.0";

/** Source: learn.microsoft.com, "Microsoft identity platform and OAuth 2.0 authorization code flow". */
export const oauth: OAuthDefinition = {
  servers: [
    {
      id: "entra",
      label: "Microsoft Entra ID",
      authorizationEndpoint: `${AUTHORITY}/authorize`,
      tokenEndpoint: `${AUTHORITY}/token`,
      revocationEndpoint: null,
    },
  ],
  clientAuthentication: "client_secret_post",
  pkce: true,
  refreshes: true,
  scopes: ["offline_access"],
  question: {
    field: environmentUrl,
    read: (answer) => environmentOf({ environmentUrl: answer }),
    scopes: (answer) => [`${answer}/user_impersonation`],
  },
};
