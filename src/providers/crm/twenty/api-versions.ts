import type { ApiVersion } from "../../contract/api-version.js";

export const apiVersions: readonly ApiVersion[] = [
  {
    name: "REST API, and the Metadata API",
    paths: ["/rest", "/metadata"],
    supportedUntil: null,
    source: "https://docs.twenty.com/developers/extend/api",
    note: "Twenty’s API has no version. The version of the server decides what it can do.",
  },
];
