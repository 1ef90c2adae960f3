import type { ApiVersion } from "../../contract/api-version.js";

export const apiVersions: readonly ApiVersion[] = [
  {
    name: "v1",
    paths: ["/api/v1"],
    supportedUntil: null,
    source: "https://developer.close.com/api/overview/changelog/2019/2/22",
  },
  {
    name: "OAuth 2.0",
    paths: ["/oauth2"],
    supportedUntil: null,
    source: "https://developer.close.com/api/overview/oauth-authentication",
  },
];
