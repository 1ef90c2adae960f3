import { randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { SandboxCrmContext, WireAnswer } from "../../kit/crm.js";
import { parametersOf, pathOf } from "../../kit/request.js";
import { addAuthorizationServer, everyCodeRefusal, type OAuthSettings } from "../../oauth/authorization-server.js";
import { formOf } from "../../oauth/consent-routes.js";
import { TokenFormat } from "../../oauth/tokens.js";

const TOKEN_PATH = "/oauth/v2/token";
const REVOCATION_PATH = `${TOKEN_PATH}/revoke`;
export const TOKEN_PATHS = [TOKEN_PATH, REVOCATION_PATH];

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

/** What is wrong with a grant is told with 200: only the access token that is missing shows it. */
function refusal(error: string, status = 200): WireAnswer {
  return { status, body: { error } };
}

export const BAD_GRANT = refusal("invalid_code");

export const OAUTH: OAuthSettings = {
  consent: {
    path: "/oauth/v2/auth",
    rules: { scopes: SCOPES, defaultScopes: null, hasOptionalScopes: false, needsResponseType: true },
    words: { crm: "Zoho CRM", allow: "Accept", deny: "Reject", accent: "#e42527" },
    denied: "The user rejected the request.",
    // The data centre in which the user is at home, whichever the app has asked.
    callbackParameters: { location: "us", "accounts-server": "https://accounts.zoho.com" },
    faults: {
      REPEATED_PARAMETER: { message: "Invalid Request: a parameter was given twice." },
      CLIENT: { message: "Invalid Client ID: the client ID passed does not exist." },
      REDIRECT_URI: {
        message: "Invalid Redirect Uri: the redirect URI passed does not match with the one configured.",
      },
      RESPONSE_TYPE: { message: "Invalid Response Type.", error: "invalid_response_type" },
      SCOPE: { message: "Scope does not exist.", error: "invalid_scope" },
      CODE_CHALLENGE: { message: "Invalid code challenge.", error: "invalid_request" },
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
  answer: ({ scopes }, { accessToken, refreshToken, expiresInS }, request) => ({
    access_token: accessToken,
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    scope: (scopes ?? ["ZohoCRM.modules.ALL"]).join(" "),
    api_domain: `http://${request.headers.host ?? ""}`,
    token_type: "Bearer",
    expires_in: expiresInS,
  }),
  refusals: {
    CLIENT: refusal("invalid_client"),
    GRANT_TYPE: refusal("invalid_request"),
    REFRESH_TOKEN: BAD_GRANT,
    ...everyCodeRefusal(BAD_GRANT),
    WRONG_REDIRECT_URI: refusal("invalid_redirect_uri"),
  },
  revoked: (outcome) =>
    outcome === "REVOKED" ? { status: 200, body: { status: "success" } } : refusal("invalid_token", 400),
};

/** Asking for tokens too often is told as if access were denied; waiting is all it takes. */
export const THROTTLED: WireAnswer = {
  status: 400,
  body: {
    error_description: "You have made too many requests continuously. Please try again after some time.",
    error: "Access Denied",
    status: "failure",
  },
};

/** Parameters come in the body, as a form of either kind, or in the query: vendors' clients do all of it. */
export function addOAuthRoutes(app: FastifyInstance, context: SandboxCrmContext): void {
  addAuthorizationServer(app, OAUTH, context);
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
