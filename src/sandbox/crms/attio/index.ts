import type { FastifyInstance, FastifyRequest } from "fastify";
import { Accounts } from "../../kit/accounts.js";
import type { SandboxCrm, SandboxCrmContext } from "../../kit/crm.js";
import { accessOf, basicOf, credentialOf } from "../../oauth/access.js";
import { sandboxCredentials } from "../../oauth/authorization-server.js";
import { wireAnswer } from "../../kit/wire.js";
import { addDirectoryRoutes } from "./directory-routes.js";
import { AttioError, internalError, invalid, notFound, unauthorized } from "./errors.js";
import { speakFault } from "./faults.js";
import { fixedId } from "./ids.js";
import { RequestLimits } from "./limits.js";
import { addMeetingRoutes, type MeetingRules } from "./meeting-routes.js";
import { addOAuthRoutes, SCOPES, TOKEN_MANNERS } from "./oauth.js";
import { addRecordRoutes } from "./record-routes.js";
import { WORKSPACE } from "./request.js";
import { seededWorkspace } from "./seeding.js";
import type { Workspace } from "./workspace.js";

/** Attio's REST API, version 2: people, companies and meetings. Where its documentation has changed, `rules` choose. */
export function createAttioSandbox(rules: Partial<MeetingRules> = {}): SandboxCrm {
  const meetingRules = { linksChange: true, externalRef: "TAKEN" as const, ...rules };
  return {
    slug: "attio",
    hasOAuth: true,
    credentials: (account, _origin, now, grant) => sandboxCredentials(TOKEN_MANNERS, account, now, grant),
    register: (app, context) => register(app, context, meetingRules),
    speakFault,
  };
}

export const attioSandbox: SandboxCrm = createAttioSandbox();

function register(app: FastifyInstance, context: SandboxCrmContext, rules: MeetingRules): void {
  const accounts = new Accounts((name) => seededWorkspace(name, context));
  const limits = new RequestLimits(context);
  app.setErrorHandler((error, _request, reply) => wireAnswer(reply, refusalOf(error).answer()));
  app.setNotFoundHandler((_request, reply) => wireAnswer(reply, notFound("Endpoint").answer()));
  app.decorateRequest(WORKSPACE);
  app.register(async (oauth) => addOAuthRoutes(oauth, context));
  app.get("/v2/self", (request) => introspection(workspaceOf(request, accounts, context)));
  app.register(async (api) => {
    addJsonBodies(api);
    api.addHook("onRequest", async (request, reply) => {
      const workspace = workspaceOf(request, accounts, context);
      if (!workspace) throw unauthorized();
      const refusal = limits.take(workspace, request);
      if (refusal) return wireAnswer(reply, refusal);
      request.setDecorator(WORKSPACE, workspace);
      return;
    });
    addDirectoryRoutes(api);
    addRecordRoutes(api);
    addMeetingRoutes(api, rules);
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
  const access = accessOf(token, { format: TOKEN_MANNERS.format, grants, now: now() });
  return access.state === "OPEN" ? accounts.get(access.account) : null;
}

/** What a token is; of one that is none, only that it is not active. */
function introspection(workspace: Workspace | null): object {
  if (!workspace) return { active: false };
  const { name, workspaceId, members } = workspace;
  const client = fixedId("client");
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

function addJsonBodies(api: FastifyInstance): void {
  api.removeAllContentTypeParsers();
  api.addContentTypeParser(
    "application/json",
    { parseAs: "string" },
    async (_request: FastifyRequest, text: string) => {
      try {
        return text === "" ? undefined : JSON.parse(text);
      } catch {
        throw invalid("validation_type", "Body payload is not valid JSON.");
      }
    },
  );
}

function refusalOf(error: unknown): AttioError {
  if (error instanceof AttioError) return error;
  const { statusCode = 500, message } = error as { statusCode?: number; message: string };
  return statusCode < 500
    ? new AttioError(statusCode, "invalid_request_error", "validation_type", message)
    : internalError();
}
