import type { ProviderNotes } from "../../contract/contract.js";

export const notes: ProviderNotes = {
  proven: [
    "Reads, filters, orders, paging, writes and refusals: servers of Twenty of May 2025 (0.53), 2026-11-29, and July 2026 (2.21), 2026-11-30.",
    "Contract suite and every kind of request: a server of Twenty 2.21 with a key that may only read and write records, 2026-11-30.",
  ],
  setup: [
    "You do not have to register anything. Every end user connects with an API key of their own workspace.",
    "End users create the key in Twenty under Settings, APIs & Webhooks, Create API key. They choose a late expiry date. If the workspace uses roles, they also choose a role that may read and write people, companies and calendar events.",
    "End users with their own Twenty server also enter its address, such as https://crm.acme.com. For Twenty’s cloud they leave the address empty.",
  ],
  quirks: [
    "`customFields` also reads and writes Twenty’s own fields by their own names that have a value, such as `avatarUrl`. Who made a record, and `deletedAt`, can only be read.",
    "The address can be below a path, such as https://acme.com/crm. crmesh leaves out the part of the path that is Twenty’s own pages.",
    "Workspaces that were made with version 2.10 or later have no `city` and no `xLink`: no addresses, and no websites but LinkedIn profiles.",
    "Custom fields are found through `POST /metadata`, which answers every key since version 2.12, or through `GET /rest/metadata/objects` of older versions.",
    "Twenty has no leads. crmesh does not show opportunities as leads.",
    "People have no owner: the creator of a record is not its owner. `Owner` contains the members of the workspace, as organizers of meetings.",
    "The first e-mail address of a person is unique in a workspace, and addresses are stored in lower case. In recent versions, a deleted person keeps the address, so that a new contact with it is DUPLICATE_RECORD. Restore the person in Twenty, or destroy it there.",
    "Twenty stores the calling code of a phone number separately. A read joins them (`+49 151 5550000`). A write splits off the calling code if the number begins with one; other numbers are stored unchanged. Recent versions store only the digits, without an extension, and refuse a number without a calling code.",
    "The filter `phone` compares digits. `email` compares all addresses. `name` and `search` find every word anywhere in the searched fields.",
    "Twenty’s filters cannot contain quotes or brackets. crmesh searches such texts with wildcards and checks the results, so pages can be short, or empty with a next page.",
    "A person has a city, and no other part of an address. `websites` contains the links to LinkedIn and X profiles.",
    "A company is written by its id.",
    "A meeting is a calendar event that has a start. It is SCHEDULED or CANCELLED. Attendees are separate records, which crmesh writes after the meeting. If this fails, the error says `outcome: PARTIAL`.",
    "Calendar events normally come from the calendars that members connect. Events that crmesh writes do not reach these calendars and invite nobody.",
    "Recent versions leave meetings that no connected calendar brought out of all lists (twentyhq/twenty #21459), so a meeting that crmesh made is found only by its id, or through its contacts. `completeness` of every list of meetings says so. Such meetings are read one by one, which the price of an operation takes into account. Keep the ids of the meetings that you create.",
    "A calendar whose owner shares only its times has meetings without title and description.",
    "Ordered lists page by time, because Twenty’s own cursors lose and repeat records in them. There is no order by name.",
    "Custom fields of numbers are doubles: Twenty rounds numbers of more than 15 digits.",
    "crmesh deletes softly (`soft_delete=true`), so that people can restore the record in Twenty. Twenty’s API otherwise destroys records for ever. Recent versions also change deleted records; crmesh answers that they are not found.",
    "A workspace has a bucket of 100 calls that fills by one call each 0.6 s. crmesh paces its calls by it, and by the size that a refusal names. If your end users’ servers have another size, set CRMESH_TWENTY_CALLS_PER_MINUTE.",
    "If Twenty refuses a key (expired or revoked), the connection needs a new key.",
  ],
  unverified: [
    "Whether servers of 2025 also change records that are deleted softly, and whether a deleted person keeps its e-mail address there.",
    "Whether all-day events begin and end at UTC midnight on servers in other time zones: crmesh takes the nearest midnight.",
    "Which addresses servers of 2025 refuse as links: crmesh sends only addresses that recent versions accept.",
  ],
};
