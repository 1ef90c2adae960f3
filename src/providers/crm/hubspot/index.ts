import type { Provider, ProviderContext } from "../../contract/contract.js";
import { authorizeWith } from "../../kit/credential-kit.js";
import { ASSOCIATION_TYPES, edgeLoader, newAssociation, replaceAssociations } from "./edges.js";
import { contactMap } from "./contact-map.js";
import { PROVIDER_NAME } from "./dialect.js";
import { classify } from "./errors.js";
import { leadMap } from "./lead-map.js";
import { meetingMap } from "./meeting-map.js";
import { oauth } from "./oauth.js";
import { objectAdapter } from "./records.js";
import { loadOwners } from "./owners.js";

const ORIGIN = "https://api.hubapi.com";
const BURST_WINDOW_MS = 10_000;

/** HubSpot CRM, object APIs v3. */
export const hubspot: Provider = {
  slug: "hubspot",
  name: PROVIDER_NAME,
  authType: "OAUTH2",
  oauth,
  credentialFields: [{ name: "accessToken", label: "Access token", secret: true, required: true }],
  limits: [
    {
      description: "Calls per app and account (Free and Starter; more in higher tiers)",
      requests: 100,
      perSeconds: 10,
    },
    { description: "Searches per account", requests: 5, perSeconds: 1 },
    { description: "Calls per account and day (Free and Starter)", requests: 250_000, perSeconds: 86_400 },
  ],
  notes: {
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
  },
  traits: {
    classify,
    countRecords(body) {
      const { results, id } = (body ?? {}) as { results?: unknown[]; id?: unknown };
      return results?.length ?? (id === undefined ? undefined : 1);
    },
    rateRules: [
      { requests: 100, perMs: BURST_WINDOW_MS },
      { lane: "search", requests: 5, perMs: 1_000 },
    ],
    rateLimit({ headers }) {
      const limit = Number(headers["x-hubspot-ratelimit-max"]);
      if (!(limit > 0)) return undefined;
      const remaining = Number(headers["x-hubspot-ratelimit-remaining"] ?? NaN);
      const windowMs = Number(headers["x-hubspot-ratelimit-interval-milliseconds"]);
      return {
        limit,
        remaining: remaining >= 0 ? remaining : null,
        windowMs: windowMs > 0 ? windowMs : BURST_WINDOW_MS,
      };
    },
  },
  origin: (_credentials, override) => override ?? ORIGIN,
  authorize: authorizeWith("Bearer"),
  async verify(exchange, credentials) {
    const request = hubspot.authorize({ method: "GET", path: "/account-info/v3/details", safe: true }, credentials);
    const { body } = await exchange.send(request);
    const { portalId } = body as { portalId?: number };
    return { accountName: portalId === undefined ? null : `Portal ${portalId}`, credentials };
  },
  resources: {
    contact: objectAdapter(
      contactMap,
      { meetings: edgeLoader("contact", "meeting"), leads: edgeLoader("contact", "lead") },
      { afterUpdate: (context, id, _input, written, native) => moveLifecycleBack(context, id, written, native) },
    ),
    lead: objectAdapter(
      leadMap,
      { contact: edgeLoader("lead", "contact") },
      { associations: ({ contactId }) => [newAssociation(contactId!, ASSOCIATION_TYPES.leadToPrimaryContact)] },
    ),
    meeting: objectAdapter(
      meetingMap,
      { contacts: edgeLoader("meeting", "contact"), leads: edgeLoader("meeting", "lead") },
      {
        associations: ({ contactIds, leadIds }) => [
          ...(contactIds ?? []).map((id) => newAssociation(id, ASSOCIATION_TYPES.meetingToContact)),
          ...(leadIds ?? []).map((id) => newAssociation(id, ASSOCIATION_TYPES.meetingToLead)),
        ],
        async afterUpdate(context, id, { contactIds, leadIds }) {
          if (contactIds !== undefined) await replaceAssociations(context, "meeting", "contact", id, contactIds ?? []);
          if (leadIds !== undefined) await replaceAssociations(context, "meeting", "lead", id, leadIds ?? []);
        },
      },
    ),
  },
  owners: { batchSize: 1_000, load: loadOwners },
};

type Written = { properties: Record<string, string | null> };

/** HubSpot moves a lifecycle stage forward only, without a word; going back takes clearing it first. */
async function moveLifecycleBack(
  context: ProviderContext,
  id: string,
  { properties }: Written,
  native: Record<string, unknown>,
): Promise<void> {
  const wanted = native["lifecyclestage"];
  const kept = properties["lifecyclestage"];
  if (!wanted || kept === undefined || kept === null || kept === wanted) return;
  for (const lifecyclestage of ["", wanted]) {
    await context.send({
      method: "PATCH",
      path: `/crm/v3/objects/contacts/${id}`,
      json: { properties: { lifecyclestage } },
      safe: true,
    });
  }
}
