import type { ApiVersion } from "../../contract/api-version.js";

export const apiVersions: readonly ApiVersion[] = [
  {
    name: "v1",
    paths: ["/api/v1"],
    supportedUntil: null,
    source: "https://developers.pipedrive.com/changelog/post/deprecated-apiv1-endpoints-become-out-of-support",
    note:
      "Support for the endpoints of v1 that have a successor in v2 ended on 2026-08-01. Those that crmesh calls (leads, their " +
      "fields and labels, and users) have none.",
  },
  {
    name: "v2",
    paths: ["/api/v2"],
    supportedUntil: null,
    source: "https://pipedrive.readme.io/docs/pipedrive-api-v2",
  },
  {
    name: "OAuth 2.0",
    paths: ["/oauth"],
    supportedUntil: null,
    source: "https://pipedrive.readme.io/docs/marketplace-oauth-authorization",
  },
];
