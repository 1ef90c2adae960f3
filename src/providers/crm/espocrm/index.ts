import { CrmError } from "../../../errors/crm-error.js";
import { membersOf } from "../../kit/classifier.js";
import type { Provider, ProviderContext } from "../../contract/contract.js";
import { renewByProof, serverOrigin, withHeaders } from "../../kit/credential-kit.js";
import { readText } from "../../mapping/json-dialect.js";
import type { Owner } from "../../contract/model.js";
import { ownerDirectory } from "../../kit/owner-directory.js";
import { existingOf } from "../../kit/resource-kit.js";
import { contactMap } from "./contact-map.js";
import { entityAdapter, recordsNaming } from "./records.js";
import { classify } from "./errors.js";
import { leadMap } from "./lead-map.js";
import { meetingMap } from "./meeting-map.js";
import { notes } from "./notes.js";
import { preparePerson } from "./lookups.js";
import { allOf, anyOf, by, getRequest, listAll } from "./api.js";

const SLUG = "espocrm";

const userOf = ({ id, name, emailAddress: email }: Readonly<Record<string, unknown>>): Owner => ({
  id: String(id),
  name: readText(name),
  email: readText(email),
});
const meOf = (body: unknown) => membersOf(membersOf(body)["user"]);

/** The user whose key it is: EspoCRM does not list users of this kind. */
const self = (caller: ProviderContext) =>
  caller.memo("self", async (context) => userOf(meOf((await context.send(getRequest("App/user"))).body)));

const owners = ownerDirectory(async (context) => {
  const listing = { where: [], select: ["id", "name", "emailAddress"], orderBy: "userName" };
  return [...(await listAll(context, "User", listing)).map(userOf), await self(context)];
});

const authorize: Provider["authorize"] = (request, { apiKey = "" }) => withHeaders(request, { "x-api-key": apiKey });

const verify: Provider["verify"] = async (exchange, credentials) => {
  const { body } = await exchange.send(authorize(getRequest("App/user"), credentials));
  if (meOf(body)["id"] === undefined) {
    throw new CrmError("PROVIDER_ERROR", { provider: SLUG, detail: "There is no EspoCRM API at this address." });
  }
  return { accountName: new URL(exchange.origin).host, credentials };
};

const contact = entityAdapter(contactMap, {
  prepare: preparePerson("Contact"),
  references: { ownerId: owners.existing },
  edges: {
    meetings: recordsNaming("Meeting", ["contactsIds", "parentId"], (ids) =>
      anyOf(by("linkedWith", "contacts")(ids), allOf(by("equals", "parentType")("Contact"), by("in", "parentId")(ids))),
    ),
    leads: recordsNaming("Lead", ["createdContactId"], by("in", "createdContactId")),
  },
});
const lead = entityAdapter(leadMap, { prepare: preparePerson("Lead"), references: { ownerId: owners.existing } });
const meeting = entityAdapter(meetingMap, {
  references: { ownerId: owners.existing, contactIds: existingOf(contact), leadIds: existingOf(lead) },
  async prepare(context, { id, native }) {
    if (id === null) native["assignedUserId"] ??= (await self(context)).id;
  },
});

/** EspoCRM 8 over its REST API, on a server of the customer's own or in EspoCRM's cloud. */
export const espocrm: Provider = {
  slug: SLUG,
  name: "EspoCRM",
  authType: "API_KEY",
  credentialFields: [
    { name: "url", label: "Address", hint: "Such as https://crm.acme.com", secret: false, required: true },
    {
      name: "apiKey",
      label: "API key",
      hint: "In EspoCRM under Administration, API Users",
      secret: true,
      required: true,
    },
  ],
  // EspoCRM limits nothing itself.
  limits: [],
  notes,
  traits: {
    classify,
    countRecords: (body) => (membersOf(body)["list"] as unknown[] | undefined)?.length,
    rateRules: [],
  },
  origin: (credentials, override) => override ?? serverOrigin(credentials, "url", "https://crm.acme.com"),
  authorize,
  verify,
  renew: renewByProof("EspoCRM", verify),
  resources: { contact, lead, meeting },
  owners,
};
