import { randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { WireAnswer } from "../../kit/crm.js";
import { originOf, parametersOf, pathOf } from "../../kit/request.js";
import { oauthError, type OAuthSettings } from "../../oauth/authorization-server.js";
import { formOf } from "../../oauth/consent-routes.js";
import { TokenFormat } from "../../oauth/tokens.js";
import type { ZohoAccount } from "./account.js";

const TOKEN_PATH = "/oauth/v2/token";
const REVOCATION_PATH = `${TOKEN_PATH}/revoke`;
const TOKEN_PATHS = [TOKEN_PATH, REVOCATION_PATH];

const SCOPES: Readonly<Record<string, string>> = {
  "ZohoCRM.modules.ALL": "Read, create, change and delete records of all modules (ZohoCRM.modules.ALL)",
  "ZohoCRM.modules.contacts.ALL": "Read, create, change and delete contacts (ZohoCRM.modules.contacts.ALL)",
  "ZohoCRM.modules.leads.ALL": "Read, create, change and delete leads (ZohoCRM.modules.leads.ALL)",
  "ZohoCRM.modules.events.ALL": "Read, create, change and delete meetings (ZohoCRM.modules.events.ALL)",
  "ZohoCRM.users.READ": "Read users (ZohoCRM.users.READ)",
  "ZohoCRM.org.READ": "Read the organization (ZohoCRM.org.READ)",
  "ZohoCRM.coql.READ": "Query records (ZohoCRM.coql.READ)",
  "ZohoCRM.settings.fields.READ": "Read what fields there are (ZohoCRM.settings.fields.READ)",
};

/** Makes a refusal. Zoho sends 200 if it refuses a grant, and only the missing access token shows the refusal. */
const refusal = (error: string) => oauthError(error, undefined, 200);

export const OAUTH: OAuthSettings<ZohoAccount> = {
  consent: {
    path: "/oauth/v2/auth",
    rules: { scopes: SCOPES, defaultScopes: null },
    words: { crm: "Zoho CRM", allow: "Accept", deny: "Reject", accent: "#e42527" },
    denied: "The user rejected the request.",
    // The data centre of the user. It may differ from the data centre that the app called.
    callbackParameters: { location: "us", "accounts-server": "https://accounts.zoho.com" },
    messages: {
      REPEATED_PARAMETER: "Invalid Request: a parameter was given twice.",
      CLIENT: "Invalid Client ID: the client ID passed does not exist.",
      REDIRECT_URI: "Invalid Redirect Uri: the redirect URI passed does not match with the one configured.",
      RESPONSE_TYPE: "Invalid Response Type.",
      SCOPE: "Scope does not exist.",
      CODE_CHALLENGE: "Invalid code challenge.",
    },
    errorCodes: {
      RESPONSE_TYPE: "invalid_response_type",
      SCOPE: "invalid_scope",
      CODE_CHALLENGE: "invalid_request",
    },
  },
  tokenPaths: [TOKEN_PATH],
  revocationPaths: [REVOCATION_PATH],
  format: new TokenFormat({ prefix: "zo", staticPrefix: "zo-forever-" }),
  clientAuthentication: "FORM",
  accessTokenS: 3600,
  refreshTokenIn: "CODE_ANSWER",
  codeLifetimeMs: 60_000,
  newCode: () => `1000.${randomBytes(16).toString("hex")}.${randomBytes(16).toString("hex")}`,
  answer: (standard, { grant: { scopes }, request }) => ({
    ...standard,
    scope: (scopes ?? ["ZohoCRM.modules.ALL"]).join(" "),
    api_domain: originOf(request),
  }),
  refusals: {
    CLIENT: refusal("invalid_client"),
    GRANT_TYPE: refusal("invalid_request"),
    REFRESH_TOKEN: refusal("invalid_code"),
    CODE: refusal("invalid_code"),
    WRONG_REDIRECT_URI: refusal("invalid_redirect_uri"),
  },
  revoked: (outcome) =>
    outcome === "REVOKED" ? { status: 200, body: { status: "success" } } : oauthError("invalid_token"),
};

/** The answer to too many token calls. It looks like denied access, but the caller only has to wait. */
export const THROTTLED: WireAnswer = {
  status: 400,
  body: {
    error_description: "You have made too many requests continuously. Please try again after some time.",
    error: "Access Denied",
    status: "failure",
  },
};

/** Reads parameters from both kinds of forms and from the query, because the vendor's clients use all of these. */
export function addOAuthRoutes(app: FastifyInstance): void {
  app.addContentTypeParser(/^multipart\/form-data/, { parseAs: "string" }, (_request, text, done) => {
    done(null, readMultipart(String(text)));
  });
  app.addHook("preHandler", async (request: FastifyRequest) => {
    if (!TOKEN_PATHS.includes(pathOf(request))) return;
    const form = formOf(request);
    for (const [name, value] of parametersOf(request)) form.append(name, value);
    request.body = form;
  });
}

function readMultipart(text: string): URLSearchParams {
  const form = new URLSearchParams();
  for (const [, name, value] of text.matchAll(/name="([^"]+)"(?:\r\n[^\r\n]+)*\r\n\r\n([\s\S]*?)\r\n--/g)) {
    form.append(name!, value!);
  }
  return form;
}
