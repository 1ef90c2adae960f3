import { CrmError } from "../../errors/crm-error.js";
import type { Provider } from "../contract.js";
import { authorizeWith, serverOrigin } from "../credential-kit.js";
import { CLOUD_API } from "./dialect.js";

export const authorize = authorizeWith("Bearer", "apiKey");

/** Twenty's own cloud, or the server whose address was given. */
export const origin: Provider["origin"] = (credentials, override) =>
  override ?? (credentials["url"]?.trim() ? serverOrigin(credentials, "url", "https://crm.acme.com") : CLOUD_API);

export const verify: Provider["verify"] = async (exchange, credentials) => {
  const query = { limit: 1, depth: 0 };
  await exchange.send(authorize({ method: "GET", path: "/rest/people", query, safe: true }, credentials));
  return { accountName: exchange.origin === CLOUD_API ? null : new URL(exchange.origin).host, credentials };
};

/** A key cannot be renewed: one that is refused again needs the end user. */
export const renew: NonNullable<Provider["renew"]> = async (exchange, credentials) => {
  try {
    return (await verify(exchange, credentials)).credentials;
  } catch (error) {
    if (!(error instanceof CrmError) || !error.credentialRefused) throw error;
    throw new CrmError("NEEDS_REAUTH", { ...error.details, detail: "Twenty refuses the API key." });
  }
};
