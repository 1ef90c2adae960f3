import { CrmError } from "../../../errors/crm-error.js";
import type { CredentialExchange, Credentials, Provider } from "../../contract/contract.js";
import { serverAddress } from "../../kit/credential-kit.js";
import { loggedIn, rpcResult } from "./answers.js";
import { loginRequest } from "./api.js";
import { SLUG } from "./dialect.js";

export const credentialFields: Provider["credentialFields"] = [
  { name: "url", label: "Address", hint: "Such as https://acme.odoo.com", secret: false, required: true },
  {
    name: "database",
    label: "Database",
    hint: "At Odoo Online usually the first part of the address, such as acme",
    secret: false,
    required: true,
  },
  { name: "login", label: "Login", hint: "The login that you use in Odoo", secret: false, required: true },
  {
    name: "apiKey",
    label: "API key",
    hint: "In Odoo under Preferences, Account Security, New API Key",
    secret: true,
    required: true,
  },
];

const PAGES = /\/(web|odoo|jsonrpc)(\/.*)?$/;

/** Every Odoo has its own address, which the end user enters. */
export function origin(credentials: Credentials, override: string | undefined): string {
  return override ?? serverAddress(credentials, "url", "https://acme.odoo.com", PAGES);
}

/** Proves the credential and adds the user id, which all calls need. */
export const verify: Provider["verify"] = async (exchange, credentials) => {
  const uid = await logIn(exchange, credentials);
  if (uid === null) {
    throw new CrmError("PROVIDER_AUTH_FAILED", {
      provider: SLUG,
      detail: "Odoo refused this combination of database, login and API key. Check each of them.",
    });
  }
  return { accountName: credentials["database"] ?? null, credentials: { ...credentials, uid } };
};

/** Only the user id can be renewed. If the login is refused again, the end user must connect again. */
export async function renew(exchange: CredentialExchange, credentials: Credentials): Promise<Credentials> {
  const uid = await logIn(exchange, credentials);
  if (uid === null)
    throw new CrmError("NEEDS_REAUTH", {
      provider: SLUG,
      detail: "Odoo refused the login with its API key. The end user must connect again.",
    });
  return { ...credentials, uid };
}

async function logIn(exchange: CredentialExchange, credentials: Credentials): Promise<string | null> {
  const { body } = await exchange.send(loginRequest(credentials));
  const uid = body.decode(rpcResult(loggedIn));
  return uid === false ? null : String(uid);
}
