import type { ApiVersion } from "../../contract/api-version.js";

export const apiVersions: readonly ApiVersion[] = [
  {
    name: "v4",
    paths: ["/crm/v4"],
    supportedUntil: "2027-03-30",
    source: "https://developers.hubspot.com/changelog/deprecating-support-for-hubspot-v4-apis",
  },
  {
    name: "v3",
    paths: ["/crm/v3", "/account-info/v3"],
    supportedUntil: "2027-09-01",
    source: "https://developers.hubspot.com/changelog/legacy-apis-and-legacy-apps-whats-going-unsupported-and-when",
    note: "HubSpot names September 2027 and no day.",
  },
  {
    name: "2026-03",
    paths: ["/oauth/2026-03"],
    supportedUntil: "2027-09-01",
    source: "https://developers.hubspot.com/docs/developer-tooling/platform/versioning",
    note: "HubSpot names 18 months from March 2026 and no day.",
  },
];
