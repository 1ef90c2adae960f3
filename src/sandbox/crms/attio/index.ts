import type { FastifyRequest } from "fastify";
import type { SandboxCrm } from "../../kit/crm.js";
import { RequestLimits, type RequestLimit } from "../../kit/request-limits.js";
import { fixedUuid } from "../../kit/uuid.js";
import { basicOf, credentialOf } from "../../oauth/access.js";
import { oauthCrm } from "../../oauth/oauth-crm.js";
import { addDirectoryRoutes } from "./directory-routes.js";
import { AttioError, internalError, invalid, missingScope, notFound, rateLimited, unauthorized } from "./errors.js";
import { addMeetingRoutes, type MeetingRules } from "./meeting-routes.js";
import { addOAuthRoutes, BAD_GRANT, OAUTH, SCOPES } from "./oauth.js";
import { addRecordRoutes } from "./record-routes.js";
import { seededWorkspace } from "./seeding.js";
import type { Workspace } from "./workspace.js";

/** Limit of a workspace's requests in a second. No header has the remaining number. */
const READS: RequestLimit = { requests: 100, perMs: 1_000 };
const WRITES: RequestLimit = { requests: 25, perMs: 1_000 };
const UNAVAILABLE =
  "<html><head><title>503 Service Unavailable</title></head><body><h1>Service Unavailable</h1></body></html>";

/** Attio's REST API, version 2: people, companies and meetings. `rules` choose between versions of its documentation. */
export function createAttioSandbox(rules: Partial<MeetingRules> = {}): SandboxCrm {
  return oauthCrm<Workspace>({
    slug: "attio",
    imitates: "Attio REST API v2",
    oauth: OAUTH,
    typedCredential: (account) => ({ accessToken: OAUTH.format.staticToken(account) }),
    addOAuthRoutes,
    faults: {
      PROVIDER_ERROR: internalError,
      PROVIDER_RATE_LIMITED: () => rateLimited(Date.now(), 2_000),
      PROVIDER_UNAVAILABLE: { status: 503, body: UNAVAILABLE },
      PROVIDER_AUTH_FAILED: missingScope("record_permission:read-write"),
      NEEDS_REAUTH: unauthorized,
    },
    tokenFaults: { NEEDS_REAUTH: BAD_GRANT },
    account: seededWorkspace,
    api({ context, accessOf }) {
      const limits = new RequestLimits(context);
      return {
        failure: (status, message) =>
          status < 500 ? new AttioError(status, "invalid_request_error", "validation_type", message) : internalError(),
        notFound: () => notFound("Endpoint"),
        authenticate(request) {
          const workspace = accessOf(tokenOf(request)).account;
          if (!workspace) throw unauthorized();
          const isReading = isRead(request);
          const { isExceeded, resetsInMs } = limits.take(`${workspace.name} ${isReading}`, isReading ? READS : WRITES);
          if (isExceeded) throw rateLimited(context.now(), Math.max(1, resetsInMs));
          return workspace;
        },
        bodies: { invalid: () => invalid("validation_type", "Body payload is not valid JSON.") },
        openRoutes: (app) => app.get("/v2/self", (request) => introspection(accessOf(tokenOf(request)).account)),
        routes(api) {
          addDirectoryRoutes(api);
          addRecordRoutes(api);
          addMeetingRoutes(api, { linksChange: true, externalRef: "TAKEN", ...rules });
        },
      };
    },
  });
}

export const attioSandbox: SandboxCrm = createAttioSandbox();

/**
 * Reads the token. Attio accepts it as a Bearer token, or as the user name of Basic authentication with an empty
 * password.
 */
function tokenOf({ headers: { authorization } }: FastifyRequest): string {
  const basic = basicOf(authorization);
  return credentialOf(authorization, "Bearer") ?? (basic?.password === "" ? basic.user : "");
}

/** Whether a request only reads. Queries are POST requests that read. */
function isRead({ method, url }: FastifyRequest): boolean {
  return method === "GET" || /\/query(?:\?|$)/.test(url);
}

/** Makes the answer about a token, which may not be active. */
function introspection(workspace: Workspace | null): object {
  if (!workspace) return { active: false };
  const { name, workspaceId, members } = workspace;
  const client = fixedUuid("client");
  return {
    active: true,
    scope: Object.keys(SCOPES).join(" "),
    client_id: client,
    token_type: "Bearer",
    exp: null,
    iat: 1_764_547_200,
    sub: workspaceId,
    aud: client,
    iss: "attio.com",
    authorized_by_workspace_member_id: members[0]!.id,
    workspace_id: workspaceId,
    workspace_name: `Workspace ${name}`,
    workspace_slug: name,
    workspace_logo_url: null,
  };
}
