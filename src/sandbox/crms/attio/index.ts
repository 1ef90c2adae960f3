import type { FastifyInstance, FastifyRequest } from "fastify";
import { Accounts } from "../../kit/accounts.js";
import { serveApi } from "../../kit/api.js";
import type { SandboxCrm, SandboxCrmContext } from "../../kit/crm.js";
import { RequestLimits, type RequestLimit } from "../../kit/request-limits.js";
import { fixedUuid } from "../../kit/uuid.js";
import { accessOf, basicOf, credentialOf } from "../../oauth/access.js";
import { sandboxCredentials } from "../../oauth/authorization-server.js";
import { addDirectoryRoutes } from "./directory-routes.js";
import { AttioError, internalError, invalid, notFound, rateLimited, unauthorized } from "./errors.js";
import { speakFault } from "./faults.js";
import { addMeetingRoutes, type MeetingRules } from "./meeting-routes.js";
import { addOAuthRoutes, OAUTH, SCOPES } from "./oauth.js";
import { addRecordRoutes } from "./record-routes.js";
import { seededWorkspace } from "./seeding.js";
import type { Workspace } from "./workspace.js";

/** How many requests a workspace may make in a second. Attio says nothing of what is left. */
const READS: RequestLimit = { requests: 100, perMs: 1_000 };
const WRITES: RequestLimit = { requests: 25, perMs: 1_000 };

/** Attio's REST API, version 2: people, companies and meetings. Where its documentation has changed, `rules` choose. */
export function createAttioSandbox(rules: Partial<MeetingRules> = {}): SandboxCrm {
  const meetingRules = { linksChange: true, externalRef: "TAKEN" as const, ...rules };
  return {
    slug: "attio",
    hasOAuth: true,
    credentials: (account, _origin, now, grant) => sandboxCredentials(OAUTH, account, now, grant),
    register: (app, context) => register(app, context, meetingRules),
    speakFault,
  };
}

export const attioSandbox: SandboxCrm = createAttioSandbox();

function register(app: FastifyInstance, context: SandboxCrmContext, rules: MeetingRules): void {
  const accounts = new Accounts((name) => seededWorkspace(name, context));
  const limits = new RequestLimits(context);
  app.register(async (oauth) => addOAuthRoutes(oauth, context));
  app.get("/v2/self", (request) => introspection(workspaceOf(request, accounts, context)));
  serveApi(app, {
    failure: (status, message) =>
      status < 500 ? new AttioError(status, "invalid_request_error", "validation_type", message) : internalError(),
    notFound: () => notFound("Endpoint"),
    authenticate(request) {
      const workspace = workspaceOf(request, accounts, context);
      if (!workspace) throw unauthorized();
      const isReading = isRead(request);
      const { isExceeded, resetsInMs } = limits.take(`${workspace.name} ${isReading}`, isReading ? READS : WRITES);
      if (isExceeded) throw rateLimited(context.now(), Math.max(1, resetsInMs));
      return workspace;
    },
    bodies: {
      type: "application/json",
      invalid: () => invalid("validation_type", "Body payload is not valid JSON."),
    },
    routes(api) {
      addDirectoryRoutes(api);
      addRecordRoutes(api);
      addMeetingRoutes(api, rules);
    },
  });
}

/** A token opens a workspace as a bearer's, or as the user name of Basic with no password. */
function workspaceOf(
  { headers: { authorization } }: FastifyRequest,
  accounts: Accounts<Workspace>,
  { grants, now }: SandboxCrmContext,
): Workspace | null {
  const basic = basicOf(authorization);
  const token = credentialOf(authorization, "Bearer") ?? (basic?.password === "" ? basic.user : "");
  const access = accessOf(token, { format: OAUTH.format, grants, now: now() });
  return access.state === "OPEN" ? accounts.get(access.account) : null;
}

/** Queries are POSTs that read. */
function isRead({ method, url }: FastifyRequest): boolean {
  return method === "GET" || /\/query(?:\?|$)/.test(url);
}

/** What a token is; of one that is none, only that it is not active. */
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
