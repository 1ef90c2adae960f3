import type { ApiVersion } from "../../contract/api-version.js";

export const apiVersions: readonly ApiVersion[] = [
  {
    name: "v8",
    paths: ["/crm/v8"],
    supportedUntil: null,
    source: "https://www.zoho.com/crm/developer/docs/api/v8/get-records.html",
  },
  {
    name: "OAuth v2",
    paths: ["/oauth/v2"],
    supportedUntil: null,
    source: "https://www.zoho.com/accounts/protocol/oauth.html",
  },
];
