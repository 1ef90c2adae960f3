import type { ProviderNotes } from "../../contract/contract.js";

export const notes: ProviderNotes = {
  setup: [
    "At build.attio.com create an app. Under OAuth switch on access for other workspaces.",
    "Add the redirect URL below, letter for letter, and choose the scopes below. Attio takes the scopes from the app’s settings.",
    "Copy the client ID and the client secret into crmesh’s configuration.",
    "For a single workspace you can use an API key instead. Create it in Attio under Workspace settings, Developers, with the same scopes.",
  ],
  quirks: [
    "Attio has no leads: requests for leads are UNSUPPORTED_RESOURCE. Teams store leads as deals, in lists, or in objects of their own.",
    "Tokens do not expire, and crmesh does not renew them. When Attio refuses a token, the end user connects again.",
    "A person’s e-mail addresses are unique in the workspace. If another person has the address, the error is DUPLICATE_RECORD with `existingId`.",
    "Phone numbers need their country code. They are read and filtered in international form (E.164).",
    "A contact has one address, whose country is a two-letter code. A contact belongs to a company record, which is written by its id.",
    "Attio stores `fullName` beside its parts. Writing `fullName` alone empties parts that do not match it; changing a part also changes `fullName`.",
    "An update replaces whole lists (PUT with only the given attributes), and leaves all other attributes unchanged.",
    "Attio has no time of a person’s last change. `lastActivityAt` is the last e-mail or calendar interaction, on plans that have it.",
    "Custom fields are the attributes that the workspace has added. Options and statuses are read and written by their titles.",
    "Lists of contacts page by offset and can shift if records are deleted meanwhile.",
    "Attio itself can link a person who has an e-mail address with a company, some time later.",
    "Only the linked contacts of a meeting can be changed. Meetings cannot be deleted.",
    "A meeting’s attendees are its participants, identified by e-mail. A new meeting has no participants; crmesh links it with its contacts instead.",
    "A meeting’s links with companies and other records stay when its contacts change.",
    "Attio cannot read several meetings in one call: each meeting that is read by id costs one call.",
  ],
  unverified: [
    "Whether Attio requires, ignores or refuses `external_ref` of a new meeting: documentation of different ages disagrees. crmesh sends it, and omits it if Attio refuses it.",
    "Whether a meeting may be created without a participant, or with an empty description.",
    "Changing the links of a meeting is in beta. If a workspace does not have it (404 or 405), the error is UNSUPPORTED_RESOURCE.",
    "That text operators ignore case, and that Attio compares e-mail addresses and phone numbers in their normalised form.",
    "That empty texts mean absent parts of a name, and that [] clears an attribute.",
    "The largest page of a query (500), and the order between pages of records with exactly the same time.",
    "That in no workspace Attio accepts a phone number without its country code.",
    "How a refusal names an attribute: crmesh takes its slug from the message, or the path from the validation error.",
    "The bodies of a 401 and of the token endpoint’s refusals. Revocation also receives the client’s id and secret, which Attio does not require.",
    "That a query counts as a read in the rate limits.",
  ],
};
