import type { ProviderNotes } from "../../contract/contract.js";

export const notes: ProviderNotes = {
  proven: [
    "Requests, answers, limits and field names: developer.salesforce.com, the guides of versions 66.0 to 68.0, 2026, and the client `jsforce` 3.10.",
    "That leads are converted over SOAP only, and the bodies of duplicates and malformed ids: answers of Salesforce’s servers that others have published.",
    "API versions: developer.salesforce.com, November 2026.",
    "No other part was proven against Salesforce’s own servers.",
  ],
  setup: [
    "In Salesforce Setup, under External Client App Manager (or App Manager in older orgs), create an app with OAuth enabled.",
    "Set the callback URL below, add the scopes below, and require PKCE.",
    "Copy Consumer Key and Consumer Secret into crmesh’s configuration as client id and secret.",
  ],
  quirks: [
    "`customFields` also reads and writes standard fields by their own names, such as `Birthdate`, `HasOptedOutOfEmail` and `RecordTypeId`, whose options are the record types that the connected user may choose. Lookups are read and written by ids; compound fields and files are omitted.",
    "Salesforce answers a create with the id, and an update with nothing, so crmesh reads the record if a mutation selects more than its ids.",
    "Field-level security can hide columns, and make them read-only. After the first refusal, crmesh reads the description of the object, and leaves these columns out of reads, filters and writes.",
    "Only Salesforce’s conversion makes a lead CONVERTED. The other known statuses are Salesforce’s default ones. An org’s own statuses read as OTHER and are written through `rawStatus`.",
    "A meeting has either contacts or one lead. More than one contact needs Shared Activities, which an org can switch off.",
    "A meeting has no status, video address or internal notes. To cancel a meeting, delete it. Tasks are not meetings.",
    "An all-day meeting is read and written as days in UTC, whatever the time zone of the user.",
    "A contact belongs to an account record, which is written by its id. A contact has one e-mail address.",
    "`search` and `name` find every word anywhere in the searched fields (SOQL LIKE), also in records that are seconds old. Long texts are not searched.",
    "Reads omit fields that the connected user may not see. If this permission changes, crmesh notices within ten minutes.",
    "The daily limit is a 403 that does not say when it ends: PROVIDER_RATE_LIMITED asks to wait a minute.",
    "An access token does not state its end. crmesh renews it when Salesforce refuses it.",
    "End users of a Salesforce sandbox give consent at test.salesforce.com. Connect offers it beside production, and takes the address of the org’s My Domain: administrators can prevent the sign-in at the general addresses (help.salesforce.com, “Set the My Domain Login Policy”). The code and the client secret go only to hosts `….my.salesforce.com` (help.salesforce.com, “OAuth Endpoints”), with one name before them, or two as `….sandbox.my.salesforce.com`. Tokens are renewed and revoked at the same host.",
    "Number fields are doubles: Salesforce rounds numbers of more than 15 digits.",
  ],
  unverified: [
    "The consent at a My Domain: the hosts are documented, and nobody tried them.",
    "Orgs on other domains: Experience Cloud sites, custom domains, the domains of the US Department of Defense and of China. Connect refuses them.",
    "Whether `Who.Email` and `Relation.Email` show contacts’ addresses: if they are empty, crmesh takes the contact’s own address.",
    "That SOQL compares names in the same order in which it sorts them, in every language: pages ordered by NAME rely on it.",
    "Whether replacing `EventWhoIds` ends the invitations of removed people: crmesh also deletes these invitations.",
    "How the end of an all-day event counts its last day: crmesh uses its length in minutes instead.",
    "That an address with only the id leads to the record’s page.",
    "The status values of newer orgs (New, Working, Contacted, Qualified, Unqualified).",
  ],
};
