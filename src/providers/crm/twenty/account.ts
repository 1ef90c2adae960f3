import type { Provider } from "../../contract/contract.js";
import { authorizeWith, provenBy, renewByProof, serverAddress } from "../../kit/credential-kit.js";
import { recordList } from "./answers.js";
import { CLOUD_API, PROVIDER_NAME } from "./dialect.js";

const ADDRESS = `Of your own server, such as https://crm.acme.com; empty for ${CLOUD_API}`;
const KEY = "In Twenty under Settings, APIs & Webhooks";

export const credentialFields: Provider["credentialFields"] = [
  { name: "url", label: "Address", hint: ADDRESS, secret: false, required: false },
  { name: "apiKey", label: "API key", hint: KEY, secret: true, required: true },
];

export const authorize = authorizeWith("Bearer", "apiKey");

const PAGES = /\/(rest|graphql|objects?|settings|welcome)(\/.*)?$/;

/** The given server, or Twenty's cloud if there is none. */
export const origin: Provider["origin"] = (credentials, override) =>
  override ??
  (credentials["url"]?.trim() ? serverAddress(credentials, "url", "https://crm.acme.com", PAGES) : CLOUD_API);

export const verify = provenBy(
  authorize,
  { path: "/rest/people", query: { limit: 1, depth: 0 } },
  (body, { origin: api }) => {
    recordList("people")(body);
    return api === CLOUD_API ? null : new URL(api).host;
  },
);

export const renew = renewByProof(PROVIDER_NAME, verify);
