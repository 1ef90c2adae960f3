import type { FastifyRequest } from "fastify";
import type { Operation } from "../connections/calls/operation.js";
import type { Provider } from "../providers/contract/contract.js";
import type { ConnectionRecord } from "../store/connections.js";
import { linksOf, type Links } from "./links.js";
import type { ConnectPort, ConnectRoutesOptions } from "./options.js";
import { ConnectPageError, sessionOver, unusableLink } from "./page-error.js";
import { readOpenerOrigin } from "./opener.js";
import type { ConnectSession, Sessions } from "./session.js";

/** One request within a session, with what every page shows. */
export class Visit {
  readonly links: Links;

  private constructor(
    readonly session: ConnectSession,
    readonly workspaceName: string,
    readonly endUserName: string | null,
    readonly providers: readonly Provider[],
    readonly connections: readonly ConnectionRecord[],
  ) {
    this.links = linksOf(session.sid);
  }

  /** @throws ConnectPageError when this browser holds no such session */
  static async of(request: FastifyRequest, sessions: Sessions, connect: ConnectPort): Promise<Visit> {
    const session = await sessions.of(request);
    if (!session) throw noSession(request.query);
    return Visit.in(session, connect);
  }

  static async in(session: ConnectSession, connect: ConnectPort): Promise<Visit> {
    const { grant } = session;
    const [{ workspaceName, endUserName }, connections] = await Promise.all([
      connect.describe(grant),
      connect.connections(grant),
    ]);
    return new Visit(session, workspaceName, endUserName, connect.providers(grant), connections);
  }

  get testMode(): boolean {
    return this.session.grant.environment === "test";
  }

  get isForOneProvider(): boolean {
    return this.session.grant.provider !== null;
  }

  get hasConnections(): boolean {
    return this.connections.length > 0;
  }

  /** @throws ConnectPageError for a CRM that is not on offer here */
  provider(slug: string): Provider {
    const found = this.providers.find((provider) => provider.slug === slug);
    if (!found) throw new ConnectPageError(404, "This CRM is not on offer here", "Go back and choose another one.");
    return found;
  }

  connectionTo({ slug }: Provider): ConnectionRecord | null {
    return this.connections.find(({ provider }) => provider === slug) ?? null;
  }
}

/** A link that was opened twice leads to its session; where there is none, the link is what there is to explain. */
function noSession(query: unknown): ConnectPageError {
  const { link, origin } = query as { link?: unknown; origin?: unknown };
  return link === "SPENT" || link === "EXPIRED" ? unusableLink(link, readOpenerOrigin(origin)) : sessionOver();
}

/**
 * What the end user's doings bring to the calls that they cause. Closing the window stops none of them: a code that is
 * being exchanged works only once.
 */
export function operationOf(request: FastifyRequest, options: ConnectRoutesOptions): Operation {
  const { logger, now, requestTimeoutMs } = options;
  return {
    deadline: now() + requestTimeoutMs,
    signal: new AbortController().signal,
    sandboxFaults: new Map(),
    onCall: (call) => logger.debug({ requestId: request.id, call }, "Upstream call"),
    actor: { kind: "END_USER" },
    requestId: request.id,
  };
}
