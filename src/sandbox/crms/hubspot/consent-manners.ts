import type { ConsentManners } from "../../oauth/consent-routes.js";

export const SCOPES: Readonly<Record<string, string>> = {
  oauth: "Know which account this is (oauth)",
  "crm.objects.contacts.read": "View contacts and meetings (crm.objects.contacts.read)",
  "crm.objects.contacts.write": "Create, change and delete contacts and meetings (crm.objects.contacts.write)",
  "crm.objects.leads.read": "View leads (crm.objects.leads.read)",
  "crm.objects.leads.write": "Create, change and delete leads (crm.objects.leads.write)",
  "crm.objects.owners.read": "View owners (crm.objects.owners.read)",
};

/** HubSpot shows an app's mistakes to the user, and tells the app nothing of them. */
export const CONSENT_MANNERS: ConsentManners = {
  path: "/oauth/authorize",
  rules: { scopes: SCOPES, defaultScopes: null, hasOptionalScopes: true, needsResponseType: false },
  words: { crm: "HubSpot", allow: "Connect app", deny: "Cancel", accent: "#b23b0f" },
  // The code is OAuth's own; HubSpot's wording of it is not known.
  denied: "The user declined to connect the app.",
  faults: {
    REPEATED_PARAMETER: { message: "Authorization failed because a parameter was given twice." },
    CLIENT: { message: "Authorization failed because an invalid client_id was provided." },
    REDIRECT_URI: {
      message: "Authorization failed as the redirect URL doesn’t match the app’s registered redirect URL.",
    },
    RESPONSE_TYPE: { message: "Authorization failed because the response type is not supported." },
    SCOPE: { message: "Authorization failed because one or more scopes are missing or invalid." },
    CODE_CHALLENGE: {
      message: "Authorization failed because the code challenge is not valid: only S256 is supported.",
    },
  },
};
