import type { FastifyInstance } from "fastify";
import type { HubSpotAccount } from "./account.js";
import {
  ACCESS_TOKEN_SECONDS,
  accountOfRefreshToken,
  CLIENT_ID,
  CLIENT_SECRET,
  issueCredentials,
} from "./credentials.js";

export const TOKEN_PATHS = ["/oauth/v1/token", "/oauth/v3/token", "/oauth/2026-03/token"];

const SCOPES = [
  "oauth",
  "crm.objects.contacts.read",
  "crm.objects.contacts.write",
  "crm.objects.leads.read",
  "crm.objects.leads.write",
  "crm.objects.owners.read",
];

interface OAuthRefusal {
  status: string;
  error: string;
  error_description: string;
  message: string;
}

function oauthRefusal(status: string, error: string, message: string): OAuthRefusal {
  return { status, error, error_description: message, message };
}

export const BAD_REFRESH_TOKEN = oauthRefusal(
  "BAD_REFRESH_TOKEN",
  "invalid_grant",
  "refresh token is invalid, expired or revoked",
);

/** Everything comes as a form in the body; nothing in the URL or in an Authorization header counts. */
export function addOAuthRoutes(
  app: FastifyInstance,
  accountNamed: (name: string) => HubSpotAccount | null,
  now: () => number,
): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, text, done) => {
    done(null, new URLSearchParams(String(text)));
  });

  for (const path of TOKEN_PATHS) {
    app.post(path, (request, reply) => {
      const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
      const refusal = refuseClient(form);
      if (refusal) return reply.code(400).send(refusal);
      const name = accountOfRefreshToken(form.get("refresh_token") ?? "");
      const account = name === null ? null : accountNamed(name);
      if (!account) return reply.code(400).send(BAD_REFRESH_TOKEN);
      const { accessToken, refreshToken } = issueCredentials(account.name, now());
      return {
        token_type: "bearer",
        access_token: accessToken,
        refresh_token: refreshToken,
        expires_in: ACCESS_TOKEN_SECONDS,
        hub_id: account.portalId,
        scopes: SCOPES,
      };
    });
  }
}

function refuseClient(form: URLSearchParams): OAuthRefusal | null {
  if (form.get("client_id") !== CLIENT_ID) {
    return oauthRefusal("BAD_CLIENT_ID", "invalid_client", "missing or unknown client id");
  }
  if (form.get("client_secret") !== CLIENT_SECRET) {
    return oauthRefusal("BAD_CLIENT_SECRET", "invalid_client", "missing or invalid client secret");
  }
  if (form.get("grant_type") !== "refresh_token") {
    return oauthRefusal("BAD_GRANT_TYPE", "unsupported_grant_type", "missing or unknown grant_type");
  }
  return null;
}
