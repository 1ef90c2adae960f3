import { setTimeout as delay } from "node:timers/promises";
import Fastify, { type FastifyInstance } from "fastify";
import {
  ACCESS_REVOKED,
  SANDBOX_FAULTS,
  SPOKEN_FAULTS,
  type BrowserRoutes,
  type SandboxCrm,
  type SandboxCrmOptions,
  type SandboxFault,
  type SpokenFault,
} from "./crm.js";
import { breakOff, errorPage, sendInTwoParts, wireAnswer } from "./wire.js";
import { Grants } from "./grants.js";
import { writeJson } from "./json.js";

export interface SandboxServerOptions extends Partial<SandboxCrmOptions> {
  /** Delay in ms of a SLOW answer, and of the rest of a SLOW_BODY answer. */
  slowMs?: number;
  /** 0 (default) takes a free port. */
  port?: number;
}

export interface SandboxServer {
  readonly slug: string;
  readonly origin: string;
  /** Creates credentials of a new grant of the account, as if its user had just consented. */
  credentials(account: string): Record<string, string>;
  /** @see SandboxCrm.typedCredential */
  typedCredential(account: string): Record<string, string>;
  /**
   * Removes the app from the account, as its user can do at the CRM. Every token of the account ends, also tokens
   * without consent. Later grants are valid.
   *
   * @throws Error if the CRM has no OAuth
   */
  revoke(account: string): void;
  /** Null if the CRM has no pages. */
  readonly browserRoutes: BrowserRoutes | null;
  /** The number of successful refreshes of this account at the token endpoint. */
  refreshes(account: string): number;
  close(): Promise<void>;
}

/** Maximum size of a request body in bytes. All real CRMs accept at least this size. */
const BODY_LIMIT = 10 * 1024 * 1024;

/** Serves one imitated CRM on 127.0.0.1. */
export async function startSandboxServer(
  crm: SandboxCrm,
  {
    now = Date.now,
    limits = "report",
    rotateRefreshTokens = "off",
    indexLagMs = 0,
    slowMs = 1500,
    port = 0,
  }: SandboxServerOptions = {},
): Promise<SandboxServer> {
  const rotation = crm.rotatesRefreshTokens ? "on" : rotateRefreshTokens;
  const grants = new Grants(rotation);
  const app = Fastify({ bodyLimit: BODY_LIMIT, forceCloseConnections: true, routerOptions: { maxParamLength: 2000 } });
  app.setReplySerializer((body) => writeJson(body));
  addUrlLimit(app, crm);
  addFaults(app, crm, slowMs);
  const browserRoutes = crm.register(app, { now, limits, rotateRefreshTokens: rotation, indexLagMs, grants });
  const origin = await listen(app, port);
  return {
    slug: crm.slug,
    origin,
    credentials: (account) => crm.credentials(account, origin, now(), grants.open(account)),
    typedCredential: (account) => crm.typedCredential(account),
    revoke(account) {
      if (!crm.hasOAuth) throw new Error(`The sandbox of ${crm.slug} has no OAuth: there is nothing to revoke.`);
      grants.uninstall(account);
    },
    browserRoutes: browserRoutes ?? null,
    refreshes: (account) => grants.refreshes(account),
    close: () => app.close(),
  };
}

/** @throws Error if the CRM's routes or the port cannot be used. Closes the app first */
async function listen(app: FastifyInstance, port: number): Promise<string> {
  try {
    return await app.listen({ host: "127.0.0.1", port });
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** The server executes one of this many requests in a burst of outages. */
const BURST_LENGTH = 3;

const EDGE_PAGE = errorPage("502 Bad Gateway");

/** The longest request line that nginx and Apache read by default, in bytes. */
const URL_MAX = 8_190;
const TOO_LONG = errorPage("414 Request-URI Too Large", "nginx");

function addUrlLimit(app: FastifyInstance, { maxUrlBytes = URL_MAX }: SandboxCrm): void {
  app.addHook("onRequest", async (request, reply) => {
    if (request.url.length > maxUrlBytes) return wireAnswer(reply, TOO_LONG);
    return;
  });
}

function addFaults(app: FastifyInstance, crm: SandboxCrm, slowMs: number): void {
  let inBurst = 0;
  app.addHook("onRequest", async (request, reply) => {
    const fault = faultOf(request.headers["x-sandbox-fault"]);
    if (fault === "EDGE_HTML") return wireAnswer(reply, crm.edgePage ?? EDGE_PAGE);
    if (fault === "UNAVAILABLE_BURST") {
      inBurst = (inBurst + 1) % BURST_LENGTH;
      if (inBurst !== 0 && crm.speakFault("PROVIDER_UNAVAILABLE", request, reply)) return reply;
    }
    const spoken = spokenOf(fault);
    if (spoken && crm.speakFault(spoken, request, reply)) return reply;
    return;
  });
  app.addHook("onSend", async (request, reply, payload) => {
    const fault = faultOf(request.headers["x-sandbox-fault"]);
    if (fault === "SLOW_BODY") return sendInTwoParts(reply, payload, slowMs);
    if (fault === "TRUNCATED") return breakOff(reply, payload);
    if (fault === "SLOW") await delay(slowMs);
    // The request was executed already, so the caller cannot know whether a write happened.
    if (fault === "TIMEOUT") await new Promise<void>((resolve) => reply.raw.once("close", resolve));
    return payload;
  });
}

function spokenOf(fault: SandboxFault | null): SpokenFault | null {
  if (fault === ACCESS_REVOKED) return "NEEDS_REAUTH";
  return SPOKEN_FAULTS.find((spoken) => spoken === fault) ?? null;
}

function faultOf(header: string | string[] | undefined): SandboxFault | null {
  return SANDBOX_FAULTS.find((fault) => fault === header) ?? null;
}
