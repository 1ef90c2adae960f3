import type { ProviderNotes } from "../../contract/contract.js";

export const notes: ProviderNotes = {
  setup: [
    "Nothing has to be registered: every end user connects with the address of their own EspoCRM and an API key of it.",
    "In EspoCRM, as an administrator, make a role under Administration, Roles with access to Contacts, Leads, Meetings, Accounts (read) and Users (read).",
    "Under Administration, API Users, Create API User: give it a user name and that role, and choose API Key as authentication method.",
    "Copy the API key that EspoCRM shows after saving. The address is the one of the login page, such as https://crm.acme.com, without a path.",
  ],
  quirks: [
    "Lists of EspoCRM hold a person’s primary e-mail address and phone number only: where `emails` or `phones` are selected, every person that has any is read by a call of its own.",
    "A contact’s title is its role in the account. Without an account it has none, and `title` is refused without `company.id`; it goes with the account.",
    "An address that opted out stays opted out when `emails` are replaced by a list that holds it.",
    "A phone number without a type becomes EspoCRM’s default one, MOBILE.",
    "A meeting needs an assigned user: without `ownerId` it is the API user, who attends it then. `videoUrl` is written by EspoCRM’s integrations only.",
    "The contacts and leads of a meeting are its attendees and its parent record; `contactIds` and `leadIds` write the attendees, and the parent stays.",
    "A contact’s `leads` are those that became this contact: EspoCRM links no other.",
    "Only EspoCRM’s conversion makes a lead CONVERTED; Dead and Recycled read as UNQUALIFIED.",
    "Texts are compared as the database does: MySQL without regard to case and accents, PostgreSQL with accents, and in `phone` and `ownerId` with case, too.",
    "Pages go by offset, ordered by creation and id unless asked otherwise; a record that is deleted meanwhile shifts those behind it.",
    "Ordering by STARTS_AT takes an all-day meeting as beginning at midnight in the system’s time zone; ordering by NAME goes by first name, or by what the system shows first.",
    "EspoCRM refuses characters such as < and > in some names, and, where its phone numbers are international, numbers without a country code.",
    "A person with the name or the address of another is refused as a duplicate; which fields count is set in EspoCRM’s Entity Manager.",
    "Users who left and other API users are not listed: such owners have a name and no e-mail address.",
  ],
  unverified: [
    "Whether servers older than 8 fill `contactsIds` in lists: what a list leaves out is read singly.",
    "A server whose administrator lowered `recordListMaxSizeLimit` or `maxSelectTextAttributeLengthForList`: pages fail, long texts are cut.",
    "The wait after a 429 of the web server before EspoCRM without Retry-After: 5 s.",
    "What an empty list in `emailAddressData` does on servers older than 8.",
    "That every server takes a backslash before the wildcards of LIKE: those with NO_BACKSLASH_ESCAPES do not.",
  ],
};
