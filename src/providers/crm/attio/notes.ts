import type { ProviderNotes } from "../../contract/contract.js";

export const notes: ProviderNotes = {
  setup: [
    "At build.attio.com create an app, and under OAuth switch on access for other workspaces.",
    "Add the redirect URL below, letter for letter, and choose the scopes below: Attio takes them from the app’s settings.",
    "Copy client ID and client secret from there into crmesh’s configuration.",
    "For a single workspace an API key does instead: in Attio under Workspace settings, Developers, with the same scopes.",
  ],
  quirks: [
    "Attio has no leads: they are UNSUPPORTED_RESOURCE. Teams keep them as deals, in lists or in objects of their own.",
    "Tokens do not expire and are not renewed: when Attio refuses one, the end user connects again.",
    "A person’s e-mail addresses are unique in the workspace; one that somebody has is DUPLICATE_RECORD, with `existingId`.",
    "Phone numbers need their country code, and are read and filtered in international form (E.164).",
    "A contact has one address, its country a two-letter code, and belongs to a company record, written by its id.",
    "`fullName` is kept beside the parts. Written alone, it empties parts that do not make it up; a changed part changes it.",
    "An update replaces lists as a whole (PUT with the given attributes only), and leaves all other attributes.",
    "Attio has no time of a person’s last change. `lastActivityAt` is the last e-mail or calendar interaction, on plans that have it.",
    "Attributes of the workspace’s own are custom fields; options and statuses are read and written by their titles.",
    "Listings of contacts page by offset and can shift when records are deleted meanwhile.",
    "A person with an e-mail address can be linked with a company by Attio itself, some time later.",
    "Of a meeting only the linked contacts can be changed, and no meeting can be deleted.",
    "A meeting’s attendees are its participants, known by e-mail; a new one has none, and is linked with its contacts instead.",
    "Links of a meeting with companies and other records stay when its contacts change.",
    "Meetings cannot be read several at once: each one that is asked for by id takes a call.",
  ],
  unverified: [
    "Whether `external_ref` of a new meeting is demanded, ignored or refused: documentation of different ages disagrees. It is sent, and left out where it is refused.",
    "Whether a meeting may be created without a participant, or with an empty description.",
    "Changing the links of a meeting is in beta: where it is missing (404 or 405), UNSUPPORTED_RESOURCE says so.",
    "That text operators ignore case, and that e-mail addresses and phone numbers are compared in their normalised form.",
    "That empty texts stand for the absent parts of a name, and that [] clears an attribute.",
    "The largest page of a query (500), and how records of the very same instant are ordered between pages.",
    "That a number counts as possible without its country code in no workspace.",
    "How a refusal names an attribute: its slug is taken from the message, or the path of the validation error.",
    "The bodies of a 401 and of the token endpoint’s refusals; revocation also gets the client’s id and secret, which it does not ask for.",
    "That a query counts as a read in the rate limits.",
  ],
};
