import type { ProviderNotes } from "../../contract/contract.js";

export const notes: ProviderNotes = {
  setup: [
    "Nothing has to be registered: every end user connects with an API key of their own workspace.",
    "They make one in Twenty under Settings, APIs & Webhooks, Create API key, with an expiry far enough away and, where roles are in use, a role that may read and write people, companies and calendar events.",
    "Those who run Twenty on a server of their own also give its address, such as https://crm.acme.com; at Twenty’s cloud it stays empty.",
  ],
  quirks: [
    "Twenty has no leads. Opportunities are something else and are not shown as such.",
    "People have no owner: who made a record is not who looks after it. `Owner` names the members of the workspace as organizers of meetings.",
    "A person’s e-mail addresses are unique in a workspace and kept in small letters.",
    "Twenty keeps the calling code of a phone number apart. It is joined when read (`+49 151 5550000`), and taken off when written if the number begins with one; what does not is kept as it is. Recent versions keep the digits alone, and refuse what is no phone number.",
    "The filter `phone` compares digits; `email` any of the addresses; `name` and `search` find every word anywhere in the searched fields.",
    "Twenty’s filters know no way to write quotes or brackets: texts that have them are looked for with wildcards and checked afterwards, so that pages can be shorter, or empty with a next one.",
    "A person has a city, and no other part of an address; links to profiles at LinkedIn and X are its `websites`.",
    "A company is named by its id when written.",
    "A meeting is a calendar event that has a beginning; it is SCHEDULED or CANCELLED. Attendees are records of their own, written after the meeting: when that fails, the error says `outcome: PARTIAL`.",
    "Calendar events are normally brought by the calendars that members connect; what is written here does not reach these calendars and invites nobody.",
    "Ordered listings are paged by time, since Twenty’s own cursors lose and repeat records there. Names cannot be ordered by.",
    "Where a key is refused (it expired, or was revoked), the connection needs a new one.",
  ],
  unverified: [
    "Recent versions (2026) leave calendar events that no connected calendar brought out of lists, though not out of reads by id (twentyhq/twenty #21459): meetings written here may then be found by id only, and events of private calendars show without title and description.",
    "That `iCalUID`, `startsAt` and the other fields of calendar events are the same in all versions; and that participants can be written by API keys in all of them.",
    "That a part of a person’s name can be written alone and leaves the other as it is.",
    "That additional phone numbers and addresses are taken as JSON arrays by all versions.",
    "How a refusal for the rate limit looks: status 429 or the words “limit reached” are taken for one, and a minute is waited for. The documented limit is 100 calls a minute; in August 2026 users of the cloud reported 50.",
    "That the primary address of a person is unique in every workspace: what the server calls a duplicate is DUPLICATE_RECORD.",
    "That a missing record is status 400 (recorded) or 404 (recent versions): both are taken for it.",
    "The shape of the metadata API’s answers: its older form (`data.objects`) and its newer one (`data`) are read; where objects come without their fields, custom fields are not seen.",
    "Whether all-day events begin and end at UTC midnight on servers in other time zones: the nearest midnight is taken.",
    "The address of a record’s page (`/object/person/<id>`).",
  ],
};
