import { setTimeout as delay } from "node:timers/promises";
import Fastify, { type FastifyInstance } from "fastify";
import {
  SANDBOX_FAULTS,
  SPOKEN_FAULTS,
  type SandboxCrm,
  type SandboxCrmOptions,
  type SandboxFault,
  type SpokenFault,
} from "./crm.js";
import { breakOff, errorPage, sendInTwoParts, wireAnswer } from "./wire.js";
import { Grants } from "./grants.js";
import { writeJson } from "./json.js";

export interface SandboxServerOptions extends Partial<SandboxCrmOptions> {
  /** How late a SLOW answer is, and the rest of a SLOW_BODY, in ms. */
  slowMs?: number;
  /** 0 (default) takes a free port. */
  port?: number;
}

export interface SandboxServer {
  readonly slug: string;
  readonly origin: string;
  /** Credentials of a new grant of the account, as if its user had just consented. */
  credentials(account: string): Record<string, string>;
  /**
   * The account's user removes the app at the CRM: every token of the account ends, those that needed no consent
   * included. What is granted afterwards is good.
   *
   * @throws Error where the CRM has no OAuth.
   */
  revoke(account: string): void;
  /** How often the token endpoint gave this account a token for a refresh token. */
  refreshes(account: string): number;
  close(): Promise<void>;
}

/** The maximum size of a request body, in bytes. No real CRM takes less. */
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
  addFaults(app, crm, slowMs);
  crm.register(app, { now, limits, rotateRefreshTokens: rotation, indexLagMs, grants });
  const origin = await listen(app, port);
  return {
    slug: crm.slug,
    origin,
    credentials: (account) => crm.credentials(account, origin, now(), grants.open(account)),
    revoke(account) {
      if (!crm.hasOAuth) throw new Error(`The sandbox of ${crm.slug} has no OAuth: there is nothing to revoke.`);
      grants.uninstall(account);
    },
    refreshes: (account) => grants.refreshes(account),
    close: () => app.close(),
  };
}

/** @throws Error if the CRM's routes or the port cannot be used; the app is closed first. */
async function listen(app: FastifyInstance, port: number): Promise<string> {
  try {
    return await app.listen({ host: "127.0.0.1", port });
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** One of this many requests in a burst of outages is carried out. */
const BURST_LENGTH = 3;

const EDGE_PAGE = errorPage("502 Bad Gateway");

function addFaults(app: FastifyInstance, crm: SandboxCrm, slowMs: number): void {
  let inBurst = 0;
  app.addHook("onRequest", async (request, reply) => {
    const fault = faultOf(request.headers["x-sandbox-fault"]);
    if (fault === "EDGE_HTML") return wireAnswer(reply, crm.edgePage ?? EDGE_PAGE);
    if (fault === "UNAVAILABLE_BURST") {
      inBurst = (inBurst + 1) % BURST_LENGTH;
      if (inBurst !== 0 && crm.speakFault("PROVIDER_UNAVAILABLE", request, reply)) return reply;
    }
    if (isSpoken(fault) && crm.speakFault(fault, request, reply)) return reply;
    return;
  });
  app.addHook("onSend", async (request, reply, payload) => {
    const fault = faultOf(request.headers["x-sandbox-fault"]);
    if (fault === "SLOW_BODY") return sendInTwoParts(reply, payload, slowMs);
    if (fault === "TRUNCATED") return breakOff(reply, payload);
    if (fault === "SLOW") await delay(slowMs);
    // The work is done by now, so the caller cannot know whether a write happened.
    if (fault === "TIMEOUT") await new Promise<void>((resolve) => reply.raw.once("close", resolve));
    return payload;
  });
}

function isSpoken(fault: SandboxFault | null): fault is SpokenFault {
  return SPOKEN_FAULTS.some((spoken) => spoken === fault);
}

function faultOf(header: string | string[] | undefined): SandboxFault | null {
  return SANDBOX_FAULTS.find((fault) => fault === header) ?? null;
}
