import type { ProviderNotes } from "../../contract/contract.js";

export const notes: ProviderNotes = {
  proven: [
    "Paths, requests and answers of 2026-09: HubSpot’s public OpenAPI documents of this version, September 2026. Apart from the paths and from ids in associations, which are texts, they are those of v3 and v4.",
    "Refusals by the rules of an administrator: the examples in HubSpot’s changelog of 2026-08-11, as others have published them.",
    "The sandbox, in v3 and v4: the client `@hubspot/api-client` 14.0.1, which speaks no dated version there.",
    "A batch read with a missing id, refused duplicates and refused scopes: answers of HubSpot’s servers that others have published, 2020 to 2024.",
    "The ends of versions: developers.hubspot.com, September 2026.",
  ],
  setup: [
    "In a HubSpot developer account create an app, and under Auth set the redirect URL below.",
    "Add the scopes below as required scopes, and the scopes for leads as optional scopes.",
    "Copy Client ID and Client secret from Auth into crmesh’s configuration.",
  ],
  quirks: [
    "HubSpot applies the rules of an account’s administrator to writes: properties that the form for new records requires, and properties that are required because of the value of another one. Such a write fails with MISSING_REQUIRED, and `errors` names the inputs. Without the user’s permission Edit Associations, writes of associations fail with PROVIDER_AUTH_FAILED.",
    "More properties than a URL can name are read by a batch read, after the list or the read of the record.",
    "A lead has no name, e-mail or phone of its own. crmesh reads those of its contact, with one batch for all leads.",
    "HubSpot ends a search (any filter or order) after 10,000 records. Lists without an order, and in the orders CREATED_AT and UPDATED_AT, begin a new search at the time of the last record, so they have no end, and records that are deleted or created between two pages do not shift them.",
    "The orders NAME and STARTS_AT, and filters that fill a whole search, end after 10,000 records, and the page’s `completeness` says so. They continue from a number of records, which crmesh corrects by the last 20 of them.",
    "Searches show new and changed records after a short delay. Lists without filter and order have no delay.",
    "A contact that was merged with another is read by its former id, too, under the id of the record that it became. Five ids that a batch does not answer are read one by one, and more of them are searched for.",
    "HubSpot answers a write with the properties that were written, and its own. If a mutation selects others of an existing record, or owners, stages and associations of a new one, crmesh reads the record.",
    "HubSpot moves a lifecycle stage only forward. To move it back, crmesh first clears it, with two more calls.",
    "Attendees are the associated contacts and HubSpot users. HubSpot cannot store guests without a contact.",
    "An access token lives 30 minutes, and crmesh renews it. If an end user gives an access token instead of consent, the connection ends with the token. The token of a private app does not expire.",
    "crmesh requests the scopes for leads as optional scopes, so an account without Sales Hub Professional can connect.",
  ],
  unverified: [
    "That the answer to a write names every property that was written: HubSpot documents no list. If one is missing, crmesh reads the record.",
    "Whether an update that does not touch the properties of a conditional rule is refused, if the record already breaks the rule.",
    "That a search finds contacts by the ids that were merged into them (`hs_merged_object_ids`, IN). crmesh searches so only if a batch does not answer more than five ids; up to five are read one by one, which is documented.",
    "`hs_additional_emails` is joined by `;`, and written as a whole.",
    "Stage ids of the default lead pipeline. Stages of other pipelines read as OTHER with `rawStatus`.",
    "The order of records of exactly the same time. Up to 20 of them do not have to stay in their order between two pages.",
    "`hs_attendee_owner_ids`, and the lifecycle stage `other`.",
    "Whether a DELETE of a missing record answers 404: crmesh first reads the record.",
    "That the consent page accepts a code challenge, as the token endpoint accepts its verifier; whether it returns `state` when the user declines.",
    "When the daily limit resets: PROVIDER_RATE_LIMITED then asks to wait an hour.",
    "That number properties keep all digits of numbers of more than 15 digits, as their JSON texts could.",
  ],
};
