import type { ApiVersion } from "../../contract/api-version.js";

export const apiVersions: readonly ApiVersion[] = [
  {
    name: "v2",
    paths: ["/v2"],
    supportedUntil: null,
    source: "https://docs.attio.com/rest-api/guides/authentication",
  },
  {
    name: "OAuth 2.0",
    paths: ["/oauth"],
    supportedUntil: null,
    source: "https://docs.attio.com/docs/oauth/token",
  },
];
