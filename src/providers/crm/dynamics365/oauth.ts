import { serverOrigin } from "../../kit/credential-kit.js";
import type { OAuthDefinition } from "../../contract/oauth.js";

const AUTHORITY = "https://login.microsoftonline.com/organizations/oauth2/v2.0";
const EXAMPLE = "https://contoso.crm4.dynamics.com";

export const environmentUrl = {
  name: "environmentUrl",
  label: "Environment URL",
  hint: `Such as ${EXAMPLE}`,
  secret: false,
  required: true,
};

/** The API has a host of its own beside the environment's, which serves it as well and is the one that scopes name. */
export const environmentOf = (credentials: Readonly<Record<string, string>>) =>
  serverOrigin(credentials, environmentUrl.name, EXAMPLE).replace(/\.api\.(crm\d*\.)/, ".$1");

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
