import type { Provider } from "../../contract/contract.js";
import { provenBy, renewByProof, serverAddress, withHeaders } from "../../kit/credential-kit.js";
import { appUser } from "./answers.js";
import { getRequest } from "./api.js";
import { PROVIDER_NAME } from "./dialect.js";

export const credentialFields: Provider["credentialFields"] = [
  { name: "url", label: "Address", hint: "Such as https://crm.acme.com", secret: false, required: true },
  {
    name: "apiKey",
    label: "API key",
    hint: "In EspoCRM under Administration, API Users",
    secret: true,
    required: true,
  },
];

/** Pages stand behind a `#`, which is no part of the path. */
const PAGES = /\/(index\.php|api\/v1)(\/.*)?$/;

export const origin: Provider["origin"] = (credentials, override) =>
  override ?? serverAddress(credentials, "url", "https://crm.acme.com", PAGES);

export const authorize: Provider["authorize"] = (request, { apiKey = "" }) =>
  withHeaders(request, { "x-api-key": apiKey });

export const verify = provenBy(authorize, getRequest("App/user"), (body, exchange) => {
  appUser(body);
  return new URL(exchange.origin).host;
});

export const renew = renewByProof(PROVIDER_NAME, verify);
