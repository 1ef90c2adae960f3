import type { AuthorizationServer, OAuthDefinition } from "../../contract/oauth.js";
import { environmentOf, environmentUrl } from "./account.js";

/**
 * Microsoft Entra ID and its national clouds, in which an app has to be registered apart.
 * Sources: learn.microsoft.com, "Microsoft identity platform and OAuth 2.0 authorization code flow" and "National clouds".
 */
export const oauth: OAuthDefinition = {
  servers: [
    serverAt("entra", "Microsoft Entra ID", "login.microsoftonline.com"),
    serverAt("entra-us", "US Government, GCC High and DoD", "login.microsoftonline.us"),
    serverAt("entra-cn", "China, operated by 21Vianet", "login.partner.microsoftonline.cn"),
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

function serverAt(id: string, label: string, host: string): AuthorizationServer {
  const endpoint = `https://${host}/organizations/oauth2/v2.0`;
  return {
    id,
    label,
    authorizationEndpoint: `${endpoint}/authorize`,
    tokenEndpoint: `${endpoint}/token`,
    revocationEndpoint: null,
  };
}
