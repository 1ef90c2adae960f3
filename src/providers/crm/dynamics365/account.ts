import type { Provider } from "../../contract/contract.js";
import { authorizeWith, provenBy, serverOrigin } from "../../kit/credential-kit.js";
import { whoAmI } from "./answers.js";
import { API } from "./api.js";

const EXAMPLE = "https://contoso.crm4.dynamics.com";

export const environmentUrl = {
  name: "environmentUrl",
  label: "Environment URL",
  hint: `Such as ${EXAMPLE}`,
  secret: false,
  required: true,
};

/**
 * The environment's address. The API also has the host `….api.crm…`, but OAuth scopes contain the environment's own
 * host.
 */
export const environmentOf = (credentials: Readonly<Record<string, string>>) =>
  serverOrigin(credentials, environmentUrl.name, EXAMPLE).replace(/\.api\.(crm\d*\.)/, ".$1");

export const credentialFields: Provider["credentialFields"] = [
  { name: "accessToken", label: "Access token", secret: true, required: true },
  environmentUrl,
];

export const origin: Provider["origin"] = (credentials, override) => override ?? environmentOf(credentials);

export const authorize = authorizeWith("Bearer");

export const verify = provenBy(
  authorize,
  { path: `${API}/WhoAmI` },
  (body, exchange) => whoAmI(body) && new URL(exchange.origin).hostname,
);
