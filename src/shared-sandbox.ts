import http, { type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { createApp, type AppOptions } from "./http/app.js";
import type { Logger } from "./observability/logger.js";
import type { Sandbox } from "./sandbox/public.js";

/** Browsers reach the consent pages of the sandbox CRMs under this path, because only the server's port may be forwarded. */
export const SANDBOX_PATH = "/sandbox";

/** What a server uses of the sandbox. */
export type ServedSandbox = Pick<Sandbox, "origins" | "oauthClient" | "faults" | "demoCredential" | "addConsentPages">;

/** The sandbox of a primary, as it tells its workers. */
export interface SandboxFacts {
  origins: [slug: string, origin: string][];
  oauthClient: Sandbox["oauthClient"];
  faults: readonly string[];
  demoCredentials: Record<string, Readonly<Record<string, string>>>;
  /** Origin of the server on loopback that has the consent pages. */
  pages: string;
}

export interface SharedSandbox {
  facts: SandboxFacts;
  close(): Promise<void>;
}

/** Serves the consent pages on loopback, so that the workers of this process can pass requests on to them. */
export async function shareSandbox(
  sandbox: Sandbox,
  options: AppOptions,
  logger: Logger,
  redirectUri: (slug: string) => string,
): Promise<SharedSandbox> {
  const app = createApp(options, logger);
  sandbox.addConsentPages(app, SANDBOX_PATH, redirectUri);
  const pages = await app.listen({ host: "127.0.0.1", port: 0 });
  const slugs = [...sandbox.origins.keys()];
  return {
    facts: {
      origins: [...sandbox.origins],
      oauthClient: sandbox.oauthClient,
      faults: sandbox.faults,
      demoCredentials: Object.fromEntries(slugs.map((slug) => [slug, sandbox.demoCredential(slug)])),
      pages,
    },
    close: () => app.close(),
  };
}

/** The sandbox of the primary, as a worker uses it. */
export function sandboxOf({ origins, oauthClient, faults, demoCredentials, pages }: SandboxFacts): ServedSandbox {
  return {
    origins: new Map(origins),
    oauthClient,
    faults,
    demoCredential: (slug) => {
      const found = demoCredentials[slug];
      if (!found) throw new Error(`There is no sandbox of ${slug}.`);
      return found;
    },
    addConsentPages: (app, prefix) => {
      void app.register((scope, _options, done) => {
        passOn(scope, prefix, pages);
        done();
      });
    },
  };
}

/** Passes all requests under a path on, as they came. */
function passOn(app: FastifyInstance, prefix: string, origin: string): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _body, done) => done(null));
  app.route({
    method: ["GET", "POST"],
    url: `${prefix}/*`,
    handler: async (request, reply) => {
      const answer = await asked(request, origin);
      return reply.code(answer.statusCode!).headers(withoutHop(answer.headers)).send(answer);
    },
  });
}

function asked({ raw }: FastifyRequest, origin: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { method = "GET", headers } = raw;
    const request = http.request(`${origin}${raw.url}`, { method, headers: withoutHop(headers) }, resolve);
    request.once("error", reject);
    raw.pipe(request);
  });
}

/** Headers that concern one connection. */
const HOP = ["connection", "keep-alive", "transfer-encoding"];

function withoutHop(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const others = Object.entries(headers).filter(([name, value]) => value !== undefined && !HOP.includes(name));
  return Object.fromEntries(others) as Record<string, string | string[]>;
}
