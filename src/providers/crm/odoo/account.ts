import type { ErrorCode } from "../../../errors/catalogue.js";
import { CrmError } from "../../../errors/crm-error.js";
import type { CredentialExchange, Credentials, Provider } from "../../contract/contract.js";
import { serverAddress } from "../../kit/credential-kit.js";
import type { UpstreamResponse } from "../../../upstream/request.js";
import { keyOwner, loggedIn, loginOf, rpcResult } from "./answers.js";
import { apiOf, keyOwnerRequest, loginOfRequest, loginRequest, type OdooApi } from "./api.js";
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

/** The result of a login: the user id, and the API over which the key works. */
interface Login {
  uid: string;
  api: OdooApi;
}
/** The server does not have the API, or not for this database. */
interface Absent {
  absent: CrmError | null;
}
/** REFUSED if Odoo refuses the key. */
type Attempt = Login | "REFUSED" | Absent;

/** Proves the credential, and adds the API that the server has and the user id. */
export const verify: Provider["verify"] = async (exchange, credentials) => {
  const login = await logIn(exchange, credentials, ["JSON-2", "JSON-RPC"]);
  if (!login) {
    throw new CrmError("PROVIDER_AUTH_FAILED", {
      provider: SLUG,
      detail: "Odoo refused this combination of database, login and API key. Check each of them.",
    });
  }
  return { accountName: credentials["database"] ?? null, credentials: { ...credentials, ...login } };
};

/**
 * Logs in again, over the API of the credential first. If the server was upgraded or downgraded since, the other API
 * answers. If Odoo refuses the login again, the end user must connect again.
 */
export async function renew(exchange: CredentialExchange, credentials: Credentials): Promise<Credentials> {
  const first = apiOf(credentials);
  const login = await logIn(exchange, credentials, [first, first === "JSON-2" ? "JSON-RPC" : "JSON-2"]);
  if (!login)
    throw new CrmError("NEEDS_REAUTH", {
      provider: SLUG,
      detail: "Odoo refused the login with its API key. The end user must connect again.",
    });
  return { ...credentials, ...login };
}

/**
 * Resolves to null if one of the APIs refuses the login and none accepts it.
 * @throws CrmError PROVIDER_ERROR if the server has none of the APIs
 */
async function logIn(
  exchange: CredentialExchange,
  credentials: Credentials,
  apis: readonly OdooApi[],
): Promise<Login | null> {
  let isRefused = false;
  let absent: CrmError | null = null;
  for (const api of apis) {
    const attempt = await (api === "JSON-2" ? overJson2 : overRpc)(exchange, credentials);
    if (attempt === "REFUSED") isRefused = true;
    else if ("absent" in attempt) absent = attempt.absent ?? absent;
    else return attempt;
  }
  if (isRefused) return null;
  const detail = "There is no Odoo API at this address, or no database with this name.";
  throw new CrmError("PROVIDER_ERROR", { ...absent?.details, provider: SLUG, detail });
}

/** Odoo’s own rule for the names of databases. Others cannot stand in a header. */
const DATABASE = /^[\w.-]+$/;

async function overJson2(exchange: CredentialExchange, credentials: Credentials): Promise<Attempt> {
  if (!DATABASE.test(credentials["database"] ?? "")) return { absent: null };
  const owner = await unlessRefused(() => exchange.send(keyOwnerRequest(credentials)));
  if (owner === "REFUSED" || "absent" in owner) return owner;
  const uid = owner.body.decode(keyOwner);
  // JSON-2 knows the user by the key alone. The end user must not connect as somebody else than the login.
  const found = await unlessRefused(() => exchange.send(loginOfRequest(uid, credentials)));
  if (found === "REFUSED" || "absent" in found) return found;
  const [user] = found.body.decode(loginOf);
  return user?.login === credentials["login"] ? { uid: String(uid), api: "JSON-2" } : "REFUSED";
}

async function overRpc(exchange: CredentialExchange, credentials: Credentials): Promise<Attempt> {
  const answer = await unlessRefused(() => exchange.send(loginRequest(credentials)));
  if (answer === "REFUSED" || "absent" in answer) return answer;
  const uid = answer.body.decode(rpcResult(loggedIn));
  return uid === false ? "REFUSED" : { uid: String(uid), api: "JSON-RPC" };
}

/** The codes of pages that are not the answer of an API. A limit and an outage have others. */
const PAGE_CODES: readonly ErrorCode[] = ["PROVIDER_AUTH_FAILED", "PROVIDER_ERROR"];

/** A server without an API answers its path with a page, mostly with 404. A failure that may pass says nothing about it. */
async function unlessRefused(send: () => Promise<UpstreamResponse>): Promise<UpstreamResponse | "REFUSED" | Absent> {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
    const { status = 0, code } = error.details.upstream ?? {};
    // Only an exception of Odoo has a code.
    if (code !== undefined && error.credentialRefused) return "REFUSED";
    const isPage = code === undefined && (status === 200 || (status >= 300 && status < 500));
    if (isPage && PAGE_CODES.includes(error.code)) return { absent: error };
    throw error;
  }
}
