import type { ApiVersion } from "../../contract/api-version.js";

export const apiVersions: readonly ApiVersion[] = [
  {
    name: "v1",
    paths: ["/api/v1"],
    supportedUntil: null,
    source: "https://docs.espocrm.com/development/api",
    note: "Every EspoCRM has its own server, whose version decides what this API can do.",
  },
];
