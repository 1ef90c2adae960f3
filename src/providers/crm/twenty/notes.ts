import type { ProviderNotes } from "../../contract/contract.js";

export const notes: ProviderNotes = {
  proven: [
    "Reads, filters, orders, paging, writes and refusals: servers of Twenty of May 2025 (0.53) and July 2026 (2.21), 2026-11-29.",
  ],
  setup: [
    "You do not have to register anything. Every end user connects with an API key of their own workspace.",
    "End users create the key in Twenty under Settings, APIs & Webhooks, Create API key. They choose a late expiry date. If the workspace uses roles, they also choose a role that may read and write people, companies and calendar events.",
    "End users with their own Twenty server also enter its address, such as https://crm.acme.com. For Twenty’s cloud they leave the address empty.",
  ],
  quirks: [
    "The address can be below a path, such as https://acme.com/crm. crmesh leaves out the part of the path that is Twenty’s own pages.",
    "Twenty has no leads. crmesh does not show opportunities as leads.",
    "People have no owner: the creator of a record is not its owner. `Owner` contains the members of the workspace, as organizers of meetings.",
    "A person’s e-mail addresses are unique in a workspace and stored in lower case.",
    "Twenty stores the calling code of a phone number separately. A read joins them (`+49 151 5550000`). A write splits off the calling code if the number begins with one; other numbers are stored unchanged. Recent versions store only the digits, and refuse a text that is not a phone number.",
    "The filter `phone` compares digits. `email` compares all addresses. `name` and `search` find every word anywhere in the searched fields.",
    "Twenty’s filters cannot contain quotes or brackets. crmesh searches such texts with wildcards and checks the results, so pages can be short, or empty with a next page.",
    "A person has a city, and no other part of an address. `websites` contains the links to LinkedIn and X profiles.",
    "A company is written by its id.",
    "A meeting is a calendar event that has a start. It is SCHEDULED or CANCELLED. Attendees are separate records, which crmesh writes after the meeting. If this fails, the error says `outcome: PARTIAL`.",
    "Calendar events normally come from the calendars that members connect. Events that crmesh writes do not reach these calendars and invite nobody.",
    "Recent versions leave meetings that no connected calendar brought out of all lists (twentyhq/twenty #21459), so a meeting that crmesh made is found only by its id, or through its contacts. `completeness` of every list of meetings says so. Such meetings are read one by one, which the price of an operation takes into account. Keep the ids of the meetings that you create.",
    "A calendar whose owner shares only its times has meetings without title and description.",
    "Ordered lists page by time, because Twenty’s own cursors lose and repeat records in them. There is no order by name.",
    "crmesh deletes softly (`soft_delete=true`), so that people can restore the record in Twenty. Twenty’s API otherwise destroys records for ever.",
    "A workspace has a bucket of 100 calls that fills by one call each 0.6 s. crmesh paces its calls by it, and by the size that a refusal names. If your end users’ servers have another size, set CRMESH_TWENTY_CALLS_PER_MINUTE.",
    "If Twenty refuses a key (expired or revoked), the connection needs a new key.",
  ],
  unverified: [
    "That `iCalUID`, `startsAt` and the other fields of calendar events are the same in all versions, and that API keys can write participants in all versions.",
    "That one part of a person’s name can be written alone and leaves the other part unchanged.",
    "That all versions accept additional phone numbers and addresses as JSON arrays.",
    "That the primary address of a person is unique in every workspace: if the server reports a duplicate, the error is DUPLICATE_RECORD.",
    "That a missing record is status 400 (recorded) or 404 (recent versions): crmesh accepts both.",
    "The shape of the metadata API’s responses: crmesh reads the older form (`data.objects`) and the newer form (`data`). If objects come without their fields, crmesh does not see custom fields.",
    "Whether all-day events begin and end at UTC midnight on servers in other time zones: crmesh takes the nearest midnight.",
    "The address of a record’s page (`/object/person/<id>`).",
    "That number fields are doubles, so that Twenty rounds numbers of more than 15 digits.",
  ],
};
