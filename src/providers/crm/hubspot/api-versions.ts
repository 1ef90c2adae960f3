import type { ApiVersion } from "../../contract/api-version.js";

/** The dated version of HubSpot's API that crmesh speaks. This line decides the path of every call. */
const VERSION = "2026-09";

/** Source: HubSpot's public OpenAPI documents of this version. */
export const PATHS = {
  objects: `/crm/objects/${VERSION}`,
  associations: `/crm/associations/${VERSION}`,
  owners: `/crm/owners/${VERSION}`,
  properties: `/crm/properties/${VERSION}`,
  accountInfo: `/account-info/${VERSION}`,
  oauth: `/oauth/${VERSION}`,
} as const;

export const apiVersions: readonly ApiVersion[] = [
  {
    name: VERSION,
    paths: Object.values(PATHS),
    supportedUntil: "2028-03-08",
    source: "https://developers.hubspot.com/docs/developer-tooling/platform/versioning",
    note: "HubSpot supports a version for 18 months. The day is 18 months after 2026-09-08, on which this version came out.",
  },
];
