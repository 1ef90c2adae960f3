import type { ProviderNotes } from "../../contract/contract.js";

export const notes: ProviderNotes = {
  setup: [
    "At api-console.zoho.com choose Add Client, then Server-based Applications. Enter a name and the homepage of your product.",
    "Enter the callback URL below as Authorized Redirect URI, letter for letter.",
    "Under Settings of the client turn on the other data centres (Multi DC), and let them share one client secret. Each user’s account lives in one of these data centres.",
    "Copy Client ID and Client Secret into crmesh’s configuration. The scopes need no registration: crmesh requests them when somebody connects.",
    "Users need the Zoho CRM API enabled in their profile, and read access to the modules Contacts, Leads and Meetings.",
  ],
  quirks: [
    "Lists omit converted leads, as in Zoho itself. Reads by id return them, and the filter `status: CONVERTED` lists them. Only Zoho’s conversion makes a lead CONVERTED.",
    "Every org has its own lead statuses: statuses that crmesh does not know read as OTHER. A status is written as the first of Zoho’s words for it that the org has. Other statuses are written by `rawStatus`.",
    "A lead’s rating (Acquired, Active …) differs from that of other CRMs. It is read unchanged as `rawRating`.",
    "A meeting’s contacts are the contact that it is with and the contacts among its participants. The same applies to its leads. Writing them replaces these people, and keeps participants who are users or e-mail addresses. Nobody is sent an invitation.",
    "All-day meetings are the days of the connected user’s time zone.",
    "Of a meeting’s statuses Zoho has only CANCELLED. It stores no video address and no internal notes.",
    "`name` and `search` find the text as a whole, in any case. Descriptions are not searched. Filtered pages can be shorter than requested.",
    "A contact belongs to an account, which is written by its id. `doNotContact` is the opt-out of e-mail.",
    "More than 50 fields, including custom fields, take several calls for the same records.",
    "Reading the meetings that a contact is invited to costs one call per contact.",
    "Lists continue from the id or the time of the last record, so records that are deleted or created between two pages do not shift them. The order NAME continues from a number of records, which crmesh corrects by the last 20 of them, and ends after 100,000 records.",
    "Zoho does not say how long a limit lasts. PROVIDER_RATE_LIMITED asks to wait ten seconds, or five minutes if no API credits are left.",
    "Zoho gives an app at most 20 refresh tokens per user: the 21st consent ends the first.",
  ],
  unverified: [
    "That the token endpoint sends refusals with status 200 (`invalid_code`), and that `Access Denied` means too many tokens in a row.",
    "That `ids` with `converted=both` reads converted leads, and whether queries (COQL) include them: crmesh separates them after reading.",
    "How COQL escapes wildcards, and whether it regards case. crmesh searches for the longest plain word of a text and compares the results; it ignores case.",
    "That COQL compares ids by `>` and `>=`, as its page on more than 100,000 records suggests.",
    "That COQL accepts `Converted__s` and `Converted_Contact` as criteria.",
    "The HTTP status with which Zoho refuses records (202, 207 or 400): the codes decide.",
    "Whether lists include a meeting’s participants. If they do not, crmesh reads each meeting alone. crmesh matches the words for their responses loosely.",
    "That replacing `Participants` removes omitted people, that tags in a write replace the record’s tags, and that the related list of invitations is `Invited_Events`.",
    "Whether an all-day meeting’s end names its last day, whatever its time of day: crmesh assumes so.",
    "The statuses of a new org.",
    "That a record’s page is found without the id of the org in its address.",
  ],
};
