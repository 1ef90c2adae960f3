import type { ProviderNotes } from "../../contract/contract.js";

export const notes: ProviderNotes = {
  setup: [
    "In Salesforce Setup, under External Client App Manager (or App Manager in older orgs), create an app with OAuth enabled.",
    "Set the callback URL below, add the scopes below, and require PKCE.",
    "Copy Consumer Key and Consumer Secret into crmesh’s configuration as client id and secret.",
  ],
  quirks: [
    "Only Salesforce’s conversion makes a lead CONVERTED. Its other statuses are those Salesforce delivers; an org’s own read as OTHER and are written through `rawStatus`.",
    "A meeting is with contacts or with one lead. More than one contact takes Shared Activities, which an org can have switched off.",
    "A meeting has no status, video address or internal notes: cancelling one is deleting it. Tasks are not meetings.",
    "An all-day meeting is read and written as days in UTC, whatever the time zone of the user.",
    "A contact belongs to an account record, written by its id; it has one e-mail address.",
    "`search` and `name` find every word anywhere in the searched fields (SOQL LIKE), also in records that are seconds old; long texts are not searched.",
    "Fields that the connected user may not see are left out of reads, and noticed again within ten minutes when that changes.",
    "The daily limit shows as 403 and says nothing of its end: PROVIDER_RATE_LIMITED asks to wait a minute.",
    "An access token says nothing of its end either, and is renewed when Salesforce refuses it.",
    "End users of a Salesforce sandbox consent at test.salesforce.com: Connect offers it beside production.",
  ],
  unverified: [
    "Whether login.salesforce.com gives tokens to users of an org that lets them sign in at its My Domain alone.",
    "Whether `Who.Email` and `Relation.Email` show contacts’ addresses: where they are empty, the contact’s own is taken.",
    "That SOQL compares names in the order in which it sorts them, in every language: pages ordered by NAME rely on it.",
    "Whether replacing `EventWhoIds` ends the invitations of those taken off: they are deleted besides.",
    "How the end of an all-day event counts its last day: its length in minutes is used instead.",
    "That a bare id in the address leads to the record’s page.",
    "The status values of newer orgs (New, Working, Contacted, Qualified, Unqualified).",
  ],
};
