import { CrmError, invalidInput } from "../../../errors/crm-error.js";
import type { AdapterRequest, Credentials, Provider } from "../../contract/contract.js";
import { authorizeWith, serverOrigin, withHeaders } from "../../kit/credential-kit.js";
import { PROVIDER_NAME } from "./dialect.js";
import { V1 } from "./api.js";
import { account } from "./answers.js";

/** The API's address for all companies, used with an API token until its company is known. */
const SHARED_ORIGIN = "https://api.pipedrive.com";

export const credentialFields: Provider["credentialFields"] = [
  {
    name: "apiToken",
    label: "API token",
    hint: "In Pipedrive under Personal preferences, API. Leave it empty to give an access token instead",
    secret: true,
    required: false,
  },
  {
    name: "accessToken",
    label: "Access token",
    hint: "The access token of an app, instead of an API token",
    secret: true,
    required: false,
  },
  {
    name: "apiDomain",
    label: "Company address",
    hint: "Such as https://acme.pipedrive.com; required with an access token",
    secret: false,
    required: false,
  },
];

export function authorize(request: AdapterRequest, credentials: Credentials): AdapterRequest {
  const { apiToken } = credentials;
  return apiToken ? withHeaders(request, { "x-api-token": apiToken }) : authorizeWith("Bearer")(request, credentials);
}

/**
 * @throws CrmError MISSING_REQUIRED or INVALID_INPUT unless there is an API token, or an access token with its company
 *   address
 */
export function origin(credentials: Credentials, override: string | undefined): string {
  if (override !== undefined) return override;
  assertOne(credentials);
  return credentials["apiDomain"]
    ? serverOrigin(credentials, "apiDomain", "https://acme.pipedrive.com")
    : SHARED_ORIGIN;
}

/** Adds the company address of an API token, because the URLs of records need it. */
export const verify: Provider["verify"] = async (exchange, credentials) => {
  assertOne(credentials);
  const request: AdapterRequest = { method: "GET", path: `${V1}/users/me`, safe: true };
  const { body } = await exchange.send(authorize(request, credentials));
  const { company_name: name, company_domain: domain } = body.decode(account);
  const isKnown = Boolean(credentials["apiDomain"]) || !/^[a-z0-9-]+$/i.test(domain ?? "");
  return {
    accountName: name ?? null,
    credentials: isKnown ? credentials : { ...credentials, apiDomain: `https://${domain}.pipedrive.com` },
  };
};

function assertOne({ apiToken, accessToken, apiDomain }: Credentials): void {
  const missing = (names: readonly string[], problem: string) =>
    new CrmError("MISSING_REQUIRED", {
      errors: Object.fromEntries(names.map((name) => [`credentials.${name}`, problem])),
    });
  if (apiToken && accessToken) {
    throw invalidInput({ "credentials.accessToken": "Give either an API token or an access token, not both." });
  }
  if (!apiToken && !accessToken) {
    throw missing(["apiToken", "accessToken"], `${PROVIDER_NAME} needs an API token or an access token.`);
  }
  if (accessToken && !apiDomain) {
    throw missing(["apiDomain"], "An access token needs the company address that came with it. Give apiDomain.");
  }
}
