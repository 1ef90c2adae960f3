import type { ProviderNotes } from "../../contract/contract.js";

export const notes: ProviderNotes = {
  proven: [
    "Reads, filters, orders, paging, writes, refusals and errors: a server of EspoCRM 8.4.2, 2026-11-29.",
    "Access by fields, limits of lists, links and the differences of version 9: servers of EspoCRM 8.4.2 and 9.2.7, 2026-11-29.",
  ],
  setup: [
    "You do not have to register anything. Every end user connects with the address of their own EspoCRM and an API key.",
    "In EspoCRM, as an administrator, create a role under Administration, Roles with access to Contacts, Leads, Meetings, Accounts (read) and Users (read).",
    "Under Administration, API Users, Create API User, enter a user name, select that role, and choose API Key as authentication method.",
    "Copy the API key that EspoCRM shows after saving. The address is that of the login page, such as https://crm.acme.com, without a path.",
  ],
  quirks: [
    "`customFields` also reads and writes EspoCRM’s own fields by their own names, such as `salutationName` and `industry`, with the labels of their options in the language of the user. Fields that EspoCRM computes are refused; links and fields of several parts are omitted.",
    "The address can be below a path, such as https://acme.com/crm. crmesh leaves out the part of the path that is EspoCRM’s own pages.",
    "Roles can hide fields and forbid to edit them. EspoCRM refuses conditions with hidden fields, and ignores what may not be edited. crmesh reads these rules from `App/user` before each write.",
    "More fields than a URL can name are read without names. EspoCRM then returns all fields, and another call reads the linked records.",
    "EspoCRM’s lists contain only a person’s primary e-mail address and phone number. If a query selects `emails` or `phones`, crmesh reads every person who has any with a separate call.",
    "A contact’s title is its role in the account. A contact without an account has no title: `title` is refused without `company.id`, and removing the account removes the title.",
    "An e-mail address or a phone number is one record that all its holders share, with its type and its opt-out. crmesh looks up who else has a new one: its opt-out stays, a number without a type keeps the type that it has there, and another type is refused. If nobody has the number, it gets EspoCRM’s default type, MOBILE.",
    "A meeting needs an assigned user. Without `ownerId`, the assigned user is the API user, who then attends the meeting. Only EspoCRM’s integrations write `videoUrl`.",
    "The contacts and leads of a meeting are its attendees and its parent record. `contactIds` and `leadIds` write the attendees; the parent stays.",
    "A contact’s `leads` are the leads that became this contact. EspoCRM links no other leads.",
    "Only EspoCRM’s conversion makes a lead CONVERTED. Dead and Recycled read as UNQUALIFIED.",
    "EspoCRM compares texts as its database does. MySQL ignores case and accents. PostgreSQL regards accents, and in `phone` and `ownerId` also case.",
    "The default order is creation time and id. Lists continue from the time of the last record, so records that are deleted or created between two pages do not shift them. The order NAME continues from a number of records, which crmesh corrects by the last 20 of them.",
    "The order STARTS_AT treats an all-day meeting as beginning at midnight in the system’s time zone. The order NAME uses the first name, or the part of the name that the system shows first.",
    "EspoCRM refuses characters such as < and > in names and places. If its phone numbers are international, as on new servers, it stores them in E.164 and refuses numbers without a country code.",
    "`status` cannot be cleared unless an administrator added an empty option. Custom fields of the type Float are doubles, of which EspoCRM answers 14 digits.",
    "EspoCRM 8.4 fails at conditions of the type `in` with e-mail addresses. crmesh looks for each address with a condition of its own.",
    "EspoCRM answers an update with the values that were sent, in the place of what it makes of them. After an update of addresses, numbers, people or a company, crmesh reads the record if they are selected.",
    "EspoCRM refuses a person with the name or the address of another person as a duplicate. EspoCRM’s Entity Manager sets which fields count.",
    "EspoCRM does not list users who left or other API users. Such owners have a name and no e-mail address.",
  ],
  unverified: [
    "Whether servers older than 8 fill `contactsIds` in lists: if a list omits it, crmesh reads each record alone.",
    "A server whose administrator lowered `recordListMaxSizeLimit` or `maxSelectTextAttributeLengthForList`: pages fail, and long texts are cut.",
    "The wait after a 429 of the web server in front of EspoCRM without Retry-After: 5 s.",
    "That a descending order shows records without a time last, as MySQL does. EspoCRM itself gives every record its times.",
    "What an empty list in `emailAddressData` does on servers older than 8.",
    "That every server accepts a backslash before the wildcards of LIKE: servers with NO_BACKSLASH_ESCAPES do not.",
  ],
};
