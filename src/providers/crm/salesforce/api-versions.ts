import type { ApiVersion } from "../../contract/api-version.js";

export const apiVersions: readonly ApiVersion[] = [
  {
    name: "v66.0",
    paths: ["/services/data/v66.0"],
    supportedUntil: null,
    source: "https://developer.salesforce.com/docs/platform/connect-rest-api/guide/intro_api_eol",
    note:
      "Salesforce supports each version for at least three years (this one came in spring 2026), and announces the end at " +
      "least one year before.",
  },
  {
    name: "OAuth 2.0",
    paths: ["/services/oauth2"],
    supportedUntil: null,
    source: "https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_refresh_token_flow.htm",
  },
];
