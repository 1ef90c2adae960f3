import type { FastifyRequest } from "fastify";
import type { Provider } from "../providers/contract/contract.js";
import type { ConnectionRecord } from "../store/connections.js";
import { pathsOf, type PagePaths } from "./paths.js";
import type { ConnectPort } from "./options.js";
import { ConnectPageError, connectionEnded, sessionOver, unusableLink } from "./page-error.js";
import { readOpenerOrigin } from "./opener.js";
import type { ConnectServices } from "./services.js";
import type { ConnectSession, Sessions } from "./session.js";

/** A session with the current data that its pages show, read once per request. */
export class SessionView {
  readonly paths: PagePaths;

  private constructor(
    readonly session: ConnectSession,
    readonly workspaceName: string,
    readonly endUserName: string | null,
    readonly providers: readonly Provider[],
    readonly connections: readonly ConnectionRecord[],
    private readonly connect: ConnectPort,
  ) {
    this.paths = pathsOf(session.sid);
  }

  /** @throws ConnectPageError if this browser does not have the session that the request names */
  static async of(request: FastifyRequest, sessions: Sessions, connect: ConnectPort): Promise<SessionView> {
    const session = await sessions.of(request);
    if (!session) throw noSession(request.query);
    return SessionView.in(request, session, connect);
  }

  static async in({ record }: FastifyRequest, session: ConnectSession, connect: ConnectPort): Promise<SessionView> {
    const { grant } = session;
    const { workspaceId, environment, endUserId } = grant;
    record.caller = { workspaceId, environment, keyId: null };
    record.noteEndUser(endUserId);
    const [{ workspaceName, endUserName }, connections] = await Promise.all([
      connect.describe(grant),
      connect.connections(grant),
    ]);
    if (grant.connectionId && connections.length === 0) throw connectionEnded();
    return new SessionView(session, workspaceName, endUserName, connect.providers(grant), connections, connect);
  }

  get testMode(): boolean {
    return this.session.grant.environment === "test";
  }

  get isForOneProvider(): boolean {
    return this.session.grant.provider !== null;
  }

  get mayDisconnect(): boolean {
    return !this.session.grant.connectionId;
  }

  get hasConnections(): boolean {
    return this.connections.length > 0;
  }

  /** @throws ConnectPageError if this session does not offer the CRM */
  provider(slug: string): Provider {
    const found = this.providers.find((provider) => provider.slug === slug);
    if (!found) throw new ConnectPageError(404, "You cannot connect this CRM here", "Go back and choose another CRM.");
    return found;
  }

  /** The values that connect a sandbox CRM: field name → value. Null for real CRMs. */
  sandboxCredential(provider: Provider): Readonly<Record<string, string>> | null {
    return this.connect.sandboxCredential(this.session.grant, provider);
  }

  connectionTo({ slug }: Provider): ConnectionRecord | null {
    return this.connections.find(({ provider }) => provider === slug) ?? null;
  }
}

/** A used or expired link is redirected to its session. If this browser has none, the page explains the link. */
function noSession(query: unknown): ConnectPageError {
  const { link, origin } = query as { link?: unknown; origin?: unknown };
  return link === "SPENT" || link === "EXPIRED" ? unusableLink(link, readOpenerOrigin(origin)) : sessionOver();
}

/** @throws ConnectPageError if this browser does not have the session that the request names */
export function viewOf({ sessions, options }: ConnectServices, request: FastifyRequest): Promise<SessionView> {
  return SessionView.of(request, sessions, options.connect);
}

/** The slug of the provider in the path of a request. */
export function slugOf(request: FastifyRequest): string {
  return (request.params as { provider: string }).provider;
}
