import type { OAuthDefinition } from "../../contract/oauth.js";

/** Source: developer.close.com, "Authentication with OAuth". A refresh replaces the refresh token. */
export const oauth: OAuthDefinition = {
  servers: [
    {
      id: "close",
      label: "Close",
      authorizationEndpoint: "https://app.close.com/oauth2/authorize/",
      tokenEndpoint: "https://api.close.com/oauth2/token/",
      revocationEndpoint: "https://api.close.com/oauth2/revoke/",
    },
  ],
  clientAuthentication: "client_secret_post",
  pkce: false,
  scopes: ["all.full_access", "offline_access"],
  refreshes: true,
};
