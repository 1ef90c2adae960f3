import type { ProviderNotes } from "../../contract/contract.js";

export const notes: ProviderNotes = {
  setup: [
    "At api-console.zoho.com choose Add Client, then Server-based Applications, and give a name and the homepage of your product.",
    "Enter the callback URL below as Authorized Redirect URI, letter for letter.",
    "Under Settings of the client turn on the other data centres (Multi DC), and let them share one client secret: users are served by the data centre in which their account lives.",
    "Copy Client ID and Client Secret into crmesh’s configuration. The scopes need no registration: they are asked for when somebody connects.",
    "Users need the Zoho CRM API enabled in their profile, and read access to the modules Contacts, Leads and Meetings.",
  ],
  quirks: [
    "Converted leads are left out of lists, as in Zoho itself, and read by their ids; the filter `status: CONVERTED` lists them. Only Zoho’s conversion makes a lead CONVERTED.",
    "Every org has lead statuses of its own: those crmesh does not know read as OTHER. A status is written in the first of Zoho’s words for it that the org has, others by `rawStatus`.",
    "A lead’s rating (Acquired, Active …) is not that of other CRMs: it is read as it stands in `rawRating`.",
    "A meeting’s contacts are the one it is with and the contacts among its participants; its leads likewise. Writing them replaces these and keeps participants who are users or e-mail addresses. Nobody is sent an invitation.",
    "All-day meetings are the days of the connected user’s time zone.",
    "Of a meeting’s status Zoho knows CANCELLED only. It keeps no video address and no internal notes.",
    "`name` and `search` find the text as a whole, in any case; descriptions are not searched. Filtered pages can be shorter than asked for.",
    "A contact belongs to an account, written by its id. `doNotContact` is the opt-out of e-mail.",
    "More than 50 fields, custom ones included, take several calls for the same records.",
    "Which meetings a contact is invited to takes one call per contact.",
    "Zoho does not say how long a limit lasts: PROVIDER_RATE_LIMITED asks to wait ten seconds, or five minutes where no API credits are left.",
    "Zoho gives an app at most 20 refresh tokens per user: the 21st consent ends the first.",
  ],
  unverified: [
    "That the refusals of the token endpoint are told with status 200 (`invalid_code`), and that `Access Denied` means too many tokens in a row.",
    "That `ids` with `converted=both` reads converted leads, and whether queries (COQL) include them: they are told apart after reading.",
    "How COQL escapes wildcards, and whether it regards case: texts are searched by their longest plain word and compared here; capitals are taken not to matter.",
    "That COQL takes `Converted__s` and `Converted_Contact` as criteria.",
    "Which statuses records are refused with (202, 207 or 400): the codes decide.",
    "Whether lists tell a meeting’s participants; where they do not, each meeting is read alone. The words for their answers are matched loosely.",
    "That replacing `Participants` drops those left out, that tags written with a record replace those it had, and that the related list of invitations is `Invited_Events`.",
    "Whether an all-day meeting’s end names its last day, whatever time stands with it: it is taken so.",
    "The statuses that Zoho delivers with a new org.",
    "That a record’s page is found without the id of the org in its address.",
  ],
};
