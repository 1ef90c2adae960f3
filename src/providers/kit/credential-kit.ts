import { CrmError, invalidInput } from "../../errors/crm-error.js";
import type { AdapterRequest, CredentialExchange, Credentials, Provider } from "../contract/contract.js";

/** Adds a credential as `Authorization: <scheme> <token>`. */
export function authorizeWith(scheme: string, field = "accessToken") {
  return (request: AdapterRequest, credentials: Credentials): AdapterRequest =>
    withHeaders(request, { authorization: `${scheme} ${credentials[field] ?? ""}` });
}

export function withHeaders(request: AdapterRequest, headers: Record<string, string>): AdapterRequest {
  return { ...request, headers: { ...request.headers, ...headers } };
}

/**
 * Returns the origin of an address that an end user entered or a token response contained.
 * @param example such as `https://acme.example.com`
 * @throws CrmError INVALID_INPUT if it is not a web address, or contains a user name or password
 */
export function serverOrigin(credentials: Credentials, field: string, example: string): string {
  return serverUrl(credentials, field, example).origin;
}

/**
 * Returns the address of a server of one's own, which may be below a path, such as `https://acme.example.com/crm`. People
 * copy the address from their browser, so what it has beside the server's own path is left out.
 * @param page matches the rest of the path of the CRM's own pages and of its API
 * @throws CrmError INVALID_INPUT if it is not a web address, or contains a user name or password
 */
export function serverAddress(credentials: Credentials, field: string, example: string, page: RegExp): string {
  const { origin, pathname } = serverUrl(credentials, field, example);
  return origin + pathname.replace(page, "").replace(/\/+$/, "");
}

function serverUrl(credentials: Credentials, field: string, example: string): URL {
  const url = URL.parse((credentials[field] ?? "").trim());
  const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
  if (url && isWeb && url.username + url.password === "") return url;
  const problem =
    url && isWeb
      ? "The address must not contain a user name or password. Remove them."
      : `Give the web address of a server, such as ${example}.`;
  throw invalidInput({ [`credentials.${field}`]: problem });
}

/**
 * Builds a `verify` that proves a credential by one read.
 * @param accountName reads the name of the account from the response, or makes it from the CRM's address
 */
export function provenBy(
  authorize: Provider["authorize"],
  request: Pick<AdapterRequest, "path" | "query">,
  accountName: (body: unknown, exchange: CredentialExchange) => string | null,
): Provider["verify"] {
  return async (exchange, credentials) => {
    const { body } = await exchange.send(authorize({ method: "GET", ...request, safe: true }, credentials));
    return { accountName: body.decode((answer) => accountName(answer, exchange)), credentials };
  };
}

/**
 * Builds a `renew` for API keys, which cannot be renewed. It verifies the key again. If the CRM refuses the key again,
 * the end user must connect again.
 */
export function renewByProof(providerName: string, prove: Provider["verify"]): NonNullable<Provider["renew"]> {
  return async (exchange, credentials) => {
    try {
      return (await prove(exchange, credentials)).credentials;
    } catch (error) {
      if (!(error instanceof CrmError) || !error.credentialRefused) throw error;
      throw new CrmError("NEEDS_REAUTH", {
        ...error.details,
        detail: `${providerName} refused the API key. The end user must connect again with a valid key.`,
      });
    }
  };
}
