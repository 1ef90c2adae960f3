import type { ProviderNotes } from "../../contract/contract.js";

export const notes: ProviderNotes = {
  setup: [
    "In a HubSpot developer account create an app, and under Auth set the redirect URL below.",
    "Add the scopes below as required ones, and those of leads as optional ones.",
    "Copy Client ID and Client secret from Auth into crmesh’s configuration.",
  ],
  quirks: [
    "A lead has no name, e-mail or phone of its own: they are its contact’s, read through one batch for all leads.",
    "A search (any filter or order) ends after 10,000 records; the page’s `completeness` says so.",
    "New and changed records come into searches after a short delay; listings without filter and order have none.",
    "HubSpot moves a lifecycle stage only forward; going back, crmesh clears it first, in two further calls.",
    "Attendees are the associated contacts and HubSpot users; guests without a contact cannot be kept.",
    "An access token lives 30 minutes and is renewed. One that is handed over instead of consent ends the connection with it; a private app’s does not end.",
    "Scopes for leads are asked for as optional ones: an account without Sales Hub Professional connects without them.",
  ],
  unverified: [
    "`hs_additional_emails` is joined by `;`, and written as a whole.",
    "Stage ids of the default lead pipeline; stages of other pipelines read as OTHER with `rawStatus`.",
    "`hs_attendee_owner_ids`, and the lifecycle stage `other`.",
    "Whether a DELETE of a missing record answers 404: the record is looked for first.",
    "That the consent page takes a code challenge, as the token endpoint takes its verifier; whether it brings `state` back when the user declines.",
    "When the daily limit resets: PROVIDER_RATE_LIMITED then asks to wait an hour.",
  ],
};
