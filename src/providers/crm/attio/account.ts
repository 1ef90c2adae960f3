import type { Provider } from "../../contract/contract.js";
import { membersOf } from "../../kit/answer.js";
import { authorizeWith, provenBy } from "../../kit/credential-kit.js";
import { readText } from "../../mapping/json-dialect.js";

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

export const verify = provenBy(authorize, { path: "/v2/self" }, (body) => readText(membersOf(body)["workspace_name"]));
