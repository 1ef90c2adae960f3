import type { Provider } from "../../contract/contract.js";
import { authorize, credentialFields, origin, verify } from "./account.js";
import { countRecords } from "./api.js";
import { apiVersions } from "./api-versions.js";
import { cost } from "./cost.js";
import { PROVIDER_NAME } from "./dialect.js";
import { classify } from "./errors.js";
import { notes } from "./notes.js";
import { oauth } from "./oauth.js";
import { owners } from "./owners.js";
import { contacts, meetings } from "./records.js";

const SECOND_MS = 1_000;
const READS_PER_S = 100;
const WRITES_PER_S = 25;

/** Attio, REST API version 2. It has no leads. */
export const attio: Provider = {
  slug: "attio",
  name: PROVIDER_NAME,
  authType: "OAUTH2",
  oauth,
  credentialFields,
  limits: [
    { description: "Reads per workspace, queries included", requests: READS_PER_S, perSeconds: 1 },
    { description: "Writes per workspace", requests: WRITES_PER_S, perSeconds: 1 },
  ],
  apiVersions,
  notes,
  traits: {
    classify,
    countRecords,
    rateRules: [
      { requests: READS_PER_S, perMs: SECOND_MS },
      { lane: "write", requests: WRITES_PER_S, perMs: SECOND_MS },
    ],
  },
  origin,
  authorize,
  verify,
  resources: { contact: contacts, meeting: meetings },
  owners,
  cost,
};
