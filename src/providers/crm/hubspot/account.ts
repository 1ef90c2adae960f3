import type { Provider } from "../../contract/contract.js";
import { authorizeWith, provenBy } from "../../kit/credential-kit.js";
import { PATHS } from "./api-versions.js";
import { id, map, member } from "../../../upstream/decode.js";

export const credentialFields: Provider["credentialFields"] = [
  { name: "accessToken", label: "Access token", secret: true, required: true },
];

export const origin: Provider["origin"] = (_credentials, override) => override ?? "https://api.hubapi.com";

export const authorize = authorizeWith("Bearer");

export const verify = provenBy(
  authorize,
  { path: `${PATHS.accountInfo}/details` },
  map(member("portalId", id), (portalId) => `Portal ${portalId}`),
);
