import type { Provider } from "../../contract/contract.js";
import { authorizeWith } from "../../kit/credential-kit.js";

export const credentialFields: Provider["credentialFields"] = [
  { name: "accessToken", label: "Access token", secret: true, required: true },
];

export const origin: Provider["origin"] = (_credentials, override) => override ?? "https://api.hubapi.com";

export const authorize = authorizeWith("Bearer");

export const verify: Provider["verify"] = async (exchange, credentials) => {
  const request = { method: "GET", path: "/account-info/v3/details", safe: true } as const;
  const { body } = await exchange.send(authorize(request, credentials));
  const { portalId } = body as { portalId?: number };
  return { accountName: portalId === undefined ? null : `Portal ${portalId}`, credentials };
};
