import { invalidInput } from "../../../errors/crm-error.js";
import type { Credentials, Provider } from "../../contract/contract.js";
import { authorizeWith, serverOrigin } from "../../kit/credential-kit.js";
import { contactMap } from "./contact-map.js";
import { PROVIDER_NAME } from "./dialect.js";
import { classify } from "./errors.js";
import { contactLeads, contactMeetings } from "./edges.js";
import { leadMap } from "./lead-map.js";
import { meetingMap } from "./meeting-map.js";
import { meetingWrites } from "./meeting-writes.js";
import { notes } from "./notes.js";
import { oauth } from "./oauth.js";
import { loadOwners } from "./owners.js";
import { rateLimit } from "./rate-limit.js";
import { objectAdapter } from "./records.js";
import { DATA_PATH, RETRIEVE_MAX } from "./api.js";

const DAY_S = 86_400;
const EXAMPLE_URL = "https://yourcompany.my.salesforce.com";

/** Salesforce, REST API. */
export const salesforce: Provider = {
  slug: "salesforce",
  name: PROVIDER_NAME,
  authType: "OAUTH2",
  oauth,
  credentialFields: [
    { name: "accessToken", label: "Access token", secret: true, required: true },
    {
      name: "instanceUrl",
      label: `Instance URL (${EXAMPLE_URL})`,
      secret: false,
      required: true,
    },
  ],
  limits: [
    { description: "Calls per org and 24 hours (Developer Edition)", requests: 15_000, perSeconds: DAY_S },
    {
      description: "Calls per org and 24 hours (Enterprise and Professional; more by licence and add-on)",
      requests: 100_000,
      perSeconds: DAY_S,
    },
  ],
  notes,
  traits: {
    classify,
    countRecords(body) {
      if (Array.isArray(body)) return body.filter((record) => record !== null).length;
      const { records, id } = (body ?? {}) as { records?: unknown[]; id?: unknown };
      return records?.length ?? (id === undefined ? undefined : 1);
    },
    // Salesforce limits calls by the day and those that run long, not by the second.
    rateRules: [],
    rateLimit,
  },
  origin: (credentials, override) => override ?? instanceOrigin(credentials),
  authorize: authorizeWith("Bearer"),
  async verify(exchange, credentials) {
    // The list of resources takes no permission but that of using the API at all.
    const request = salesforce.authorize({ method: "GET", path: `${DATA_PATH}/`, safe: true }, credentials);
    const { body } = await exchange.send(request);
    const { identity } = (body ?? {}) as { identity?: string };
    const organization = /\/id\/(\w+)\//.exec(identity ?? "")?.[1];
    return { accountName: organization === undefined ? null : `Organization ${organization}`, credentials };
  },
  resources: {
    contact: objectAdapter(contactMap, { meetings: contactMeetings, leads: contactLeads }),
    lead: objectAdapter(leadMap),
    meeting: { ...objectAdapter(meetingMap), ...meetingWrites },
  },
  owners: { batchSize: RETRIEVE_MAX, load: loadOwners },
};

/** @throws CrmError INVALID_INPUT for what is not the bare address of a server */
function instanceOrigin(credentials: Credentials): string {
  const origin = serverOrigin(credentials, "instanceUrl", EXAMPLE_URL);
  const { pathname, search, hash } = new URL(credentials["instanceUrl"]!.trim());
  if (pathname + search + hash === "/") return origin;
  throw invalidInput({ "credentials.instanceUrl": `Give the address of the org alone: ${EXAMPLE_URL}` });
}
