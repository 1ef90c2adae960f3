import type { Provider } from "../../contract/contract.js";
import { map } from "../../../upstream/decode.js";
import { authorizeWith, provenBy } from "../../kit/credential-kit.js";
import { self } from "./answers.js";

export const credentialFields: Provider["credentialFields"] = [
  {
    name: "accessToken",
    label: "Access token (API key)",
    hint: "In Attio under Workspace settings, Developers",
    secret: true,
    required: true,
  },
];

export const origin: Provider["origin"] = (_credentials, override) => override ?? "https://api.attio.com";

export const authorize = authorizeWith("Bearer");

export const verify = provenBy(
  authorize,
  { path: "/v2/self" },
  map(self, ({ workspace_name: name = null }) => name),
);
