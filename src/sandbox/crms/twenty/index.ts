import type { FastifyInstance, FastifyRequest } from "fastify";
import { ACCOUNT_NAME, Accounts } from "../../kit/accounts.js";
import type { SandboxCrm, SandboxCrmContext } from "../../kit/crm.js";
import { RequestWindow } from "../../kit/request-window.js";
import { badRequest, badToken, limitReached, missingToken, TwentyError } from "./errors.js";
import { speakFault } from "./faults.js";
import { addMetadataRoutes } from "./metadata-routes.js";
import { addRecordRoutes } from "./record-routes.js";
import { seededWorkspace } from "./seeding.js";
import type { Workspace } from "./workspace.js";

const KEY_PREFIX = "twenty-sandbox-";
const KEY = new RegExp(`^Bearer ${KEY_PREFIX}(${ACCOUNT_NAME})$`, "i");
const WORKSPACE = "twentyWorkspace";

/** The documented limit, which no header tells of. */
const REQUESTS_MAX = 100;
const WINDOW_MS = 60_000;

/** Twenty's REST API as a server of May 2025 speaks it; every account is a workspace. */
export const twentySandbox: SandboxCrm = {
  slug: "twenty",
  hasOAuth: false,
  credentials: (account, origin) => ({ url: origin, apiKey: `${KEY_PREFIX}${account}` }),
  register,
  speakFault,
};

function register(app: FastifyInstance, { now, limits }: SandboxCrmContext): void {
  const accounts = new Accounts((name) => seededWorkspace(name, now));
  const windows = new WeakMap<Workspace, RequestWindow>();
  app.decorateRequest(WORKSPACE);
  app.setErrorHandler((error, _request, reply) => {
    const refusal = refusalOf(error);
    return reply.code(refusal.status).send(refusal.body());
  });
  app.setNotFoundHandler((request, reply) => {
    const message = `Cannot ${request.method} ${request.url.split("?")[0]!}`;
    return reply.code(404).send({ message, error: "Not Found", statusCode: 404 });
  });
  app.register(async (api) => {
    addJsonBodies(api);
    api.addHook("onRequest", async (request) => {
      const header = request.headers.authorization;
      if (!header) throw missingToken();
      const workspace = accounts.get(KEY.exec(header)?.[1] ?? "");
      if (!workspace) throw badToken();
      const window = windows.get(workspace) ?? new RequestWindow(REQUESTS_MAX, WINDOW_MS);
      windows.set(workspace, window);
      if (!window.take(now()) && limits === "enforce") throw limitReached();
      request.setDecorator(WORKSPACE, workspace);
    });
    addMetadataRoutes(api);
    addRecordRoutes(api, (request) => request.getDecorator<Workspace>(WORKSPACE));
  });
}

function addJsonBodies(api: FastifyInstance): void {
  api.removeAllContentTypeParsers();
  api.addContentTypeParser(
    "application/json",
    { parseAs: "string" },
    async (_request: FastifyRequest, text: string) => {
      if (text === "") return undefined;
      try {
        return JSON.parse(text) as unknown;
      } catch (error) {
        throw badRequest((error as Error).message);
      }
    },
  );
}

function refusalOf(error: unknown): TwentyError {
  if (error instanceof TwentyError) return error;
  const { statusCode = 500, message } = error as { statusCode?: number; message: string };
  return statusCode < 500 ? badRequest(message) : new TwentyError(500, "Error", "Internal server error");
}
