import { CrmError, invalidInput } from "../../../errors/crm-error.js";
import type { AdapterRequest, CredentialExchange, Credentials, Provider } from "../../contract/contract.js";
import { authorizeWith, withHeaders } from "../../kit/credential-kit.js";
import { me } from "./answers.js";
import { pathOf } from "./api.js";

const KEYS = "In Close under Settings, Developer, API Keys";
export const credentialFields: Provider["credentialFields"] = [
  { name: "apiKey", label: "API key", hint: KEYS, secret: true, required: false },
  { name: "accessToken", label: "Access token", hint: "Instead of an API key", secret: true, required: false },
];

export const origin: Provider["origin"] = (_credentials, override) => override ?? "https://api.close.com";

/** An API key is the user name of Basic authentication, without a password. */
export function authorize(request: AdapterRequest, credentials: Credentials): AdapterRequest {
  const { apiKey } = credentials;
  if (!apiKey) return authorizeWith("Bearer")(request, credentials);
  return withHeaders(request, { authorization: `Basic ${Buffer.from(`${apiKey}:`).toString("base64")}` });
}

export async function verify(exchange: CredentialExchange, credentials: Credentials) {
  assertOne(credentials);
  const { body } = await exchange.send(authorize({ method: "GET", path: pathOf("me"), safe: true }, credentials));
  const { email, organizations = [] } = body.decode(me);
  // A user of several organizations may mean any of them, so the account name is the e-mail address instead.
  const organization = organizations.length === 1 ? organizations[0]!.name : undefined;
  return { accountName: organization ?? email ?? null, credentials };
}

function assertOne({ apiKey, accessToken }: Credentials): void {
  if (apiKey && accessToken)
    throw invalidInput({ "credentials.apiKey": "Give an API key or an access token, not both." });
  if (apiKey || accessToken) return;
  const text = "Close needs an API key or an access token.";
  throw new CrmError("MISSING_REQUIRED", { errors: { "credentials.apiKey": text, "credentials.accessToken": text } });
}
