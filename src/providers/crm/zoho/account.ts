import type { Provider } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { authorizeWith, serverOrigin } from "../../kit/credential-kit.js";
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

export const verify: Provider["verify"] = async (exchange, credentials) => {
  const request = { method: "GET", path: "/crm/v8/users", query: { type: "CurrentUser" }, safe: true } as const;
  const { body } = await exchange.send(authorize(request, credentials));
  const [user] = (body as { users?: NativeRecord[] } | null)?.users ?? [];
  return { accountName: user ? nameOf(user) : null, credentials };
};
