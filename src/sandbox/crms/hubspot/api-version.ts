/** A version of HubSpot's API: its paths, and what differs from other versions. */
export interface ApiVersion {
  readonly objects: string;
  readonly associations: string;
  readonly owners: string;
  readonly properties: string;
  readonly accountInfo: string;
  /** Whether associations name the other record by a text. v4 names it by a number. */
  readonly textIds: boolean;
  /** Whether writes must keep to the rules that an administrator of the portal has set. */
  readonly enforcesRules: boolean;
}

function dated(version: string, enforcesRules: boolean): ApiVersion {
  return {
    objects: `/crm/objects/${version}`,
    associations: `/crm/associations/${version}`,
    owners: `/crm/owners/${version}`,
    properties: `/crm/properties/${version}`,
    accountInfo: `/account-info/${version}`,
    textIds: true,
    enforcesRules,
  };
}

/**
 * The versions that this sandbox speaks. HubSpot's own client calls v3 and v4. Sources: HubSpot's public OpenAPI
 * documents; developers.hubspot.com, "CRM API Write Validation Enforcement" (2026-08-11).
 */
export const API_VERSIONS: readonly ApiVersion[] = [
  {
    objects: "/crm/v3/objects",
    associations: "/crm/v4/associations",
    owners: "/crm/v3/owners",
    properties: "/crm/v3/properties",
    accountInfo: "/account-info/v3",
    textIds: false,
    enforcesRules: false,
  },
  dated("2026-03", false),
  dated("2026-09", true),
];
