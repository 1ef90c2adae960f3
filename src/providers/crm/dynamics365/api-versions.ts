import type { ApiVersion } from "../../contract/api-version.js";

export const apiVersions: readonly ApiVersion[] = [
  {
    name: "Web API v9.2",
    paths: ["/api/data/v9.2"],
    supportedUntil: null,
    source: "https://learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/web-api-versions",
  },
  {
    name: "Microsoft identity platform v2.0",
    paths: ["/organizations/oauth2/v2.0"],
    supportedUntil: null,
    source: "https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow",
  },
];
