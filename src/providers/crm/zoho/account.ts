import type { Provider } from "../../contract/contract.js";
import { map } from "../../../upstream/decode.js";
import { authorizeWith, provenBy, serverOrigin } from "../../kit/credential-kit.js";
import { currentUser } from "./answers.js";
import { nameOf } from "./owners.js";

const DEFAULT_API = "https://www.zohoapis.com";

export const credentialFields: Provider["credentialFields"] = [
  { name: "accessToken", label: "Access token", secret: true, required: true },
  {
    name: "apiDomain",
    label: "API domain",
    hint: `Defaults to ${DEFAULT_API}`,
    secret: false,
    required: false,
  },
];

/** The API of the account's data centre. */
export const origin: Provider["origin"] = (credentials, override) =>
  override ?? (credentials["apiDomain"] ? serverOrigin(credentials, "apiDomain", DEFAULT_API) : DEFAULT_API);

export const authorize = authorizeWith("Zoho-oauthtoken");

export const verify = provenBy(
  authorize,
  { path: "/crm/v8/users", query: { type: "CurrentUser" } },
  map(currentUser, nameOf),
);
