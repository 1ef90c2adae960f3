import { invalidInput } from "../../../errors/crm-error.js";
import type { Credentials, Provider } from "../../contract/contract.js";
import { authorizeWith, provenBy, serverOrigin } from "../../kit/credential-kit.js";
import { resources } from "./answers.js";
import { DATA_PATH } from "./api.js";

const EXAMPLE_URL = "https://yourcompany.my.salesforce.com";

export const credentialFields: Provider["credentialFields"] = [
  { name: "accessToken", label: "Access token", secret: true, required: true },
  { name: "instanceUrl", label: `Instance URL (${EXAMPLE_URL})`, secret: false, required: true },
];

export const origin: Provider["origin"] = (credentials, override) => override ?? instanceOrigin(credentials);

export const authorize = authorizeWith("Bearer");

/** The list of resources needs only the permission to use the API. */
export const verify = provenBy(authorize, { path: `${DATA_PATH}/` }, (body) => {
  const organization = /\/id\/(\w+)\//.exec(resources(body))?.[1];
  return organization === undefined ? null : `Organization ${organization}`;
});

/** @throws CrmError INVALID_INPUT if the instance URL is more than the address of a server */
function instanceOrigin(credentials: Credentials): string {
  const origin = serverOrigin(credentials, "instanceUrl", EXAMPLE_URL);
  const { pathname, search, hash } = new URL(credentials["instanceUrl"]!.trim());
  if (pathname + search + hash === "/") return origin;
  throw invalidInput({ "credentials.instanceUrl": `Give only the address of the org, such as ${EXAMPLE_URL}.` });
}
