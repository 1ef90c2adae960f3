import type { Provider } from "../../contract/contract.js";
import { authorizeWith, renewByProof, serverOrigin } from "../../kit/credential-kit.js";
import { CLOUD_API, PROVIDER_NAME } from "./dialect.js";

export const authorize = authorizeWith("Bearer", "apiKey");

/** Twenty's own cloud, or the server whose address was given. */
export const origin: Provider["origin"] = (credentials, override) =>
  override ?? (credentials["url"]?.trim() ? serverOrigin(credentials, "url", "https://crm.acme.com") : CLOUD_API);

export const verify: Provider["verify"] = async (exchange, credentials) => {
  const query = { limit: 1, depth: 0 };
  await exchange.send(authorize({ method: "GET", path: "/rest/people", query, safe: true }, credentials));
  return { accountName: exchange.origin === CLOUD_API ? null : new URL(exchange.origin).host, credentials };
};

export const renew = renewByProof(PROVIDER_NAME, verify);
