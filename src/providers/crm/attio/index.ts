import { membersOf } from "../../kit/classifier.js";
import type { Provider } from "../../contract/contract.js";
import { authorizeWith } from "../../kit/credential-kit.js";
import { readText } from "../../mapping/json-dialect.js";
import { contacts } from "./contact-records.js";
import { PROVIDER_NAME } from "./dialect.js";
import { classify } from "./errors.js";
import { meetings } from "./meeting-records.js";
import { notes } from "./notes.js";
import { oauth } from "./oauth.js";
import { owners } from "./owners.js";

const ORIGIN = "https://api.attio.com";
const SECOND_MS = 1_000;
const READS_PER_S = 100;
const WRITES_PER_S = 25;

/** Attio, REST API version 2. It has no leads. */
export const attio: Provider = {
  slug: "attio",
  name: PROVIDER_NAME,
  authType: "OAUTH2",
  oauth,
  credentialFields: [
    {
      name: "accessToken",
      label: "Access token (API key)",
      hint: "In Attio under Workspace settings, Developers",
      secret: true,
      required: true,
    },
  ],
  limits: [
    { description: "Reads per workspace, queries included", requests: READS_PER_S, perSeconds: 1 },
    { description: "Writes per workspace", requests: WRITES_PER_S, perSeconds: 1 },
  ],
  notes,
  traits: {
    classify,
    countRecords(body) {
      const { data } = membersOf(body);
      return Array.isArray(data) ? data.length : data === undefined ? undefined : 1;
    },
    rateRules: [
      { requests: READS_PER_S, perMs: SECOND_MS },
      { lane: "write", requests: WRITES_PER_S, perMs: SECOND_MS },
    ],
  },
  origin: (_credentials, override) => override ?? ORIGIN,
  authorize: authorizeWith("Bearer"),
  async verify(exchange, credentials) {
    const request = attio.authorize({ method: "GET", path: "/v2/self", safe: true }, credentials);
    const { body } = await exchange.send(request);
    return { accountName: readText(membersOf(body)["workspace_name"]), credentials };
  },
  resources: { contact: contacts, meeting: meetings },
  owners,
};
