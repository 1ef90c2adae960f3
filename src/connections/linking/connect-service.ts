import { CrmError, invalidInput } from "../../errors/crm-error.js";
import { generateCodeVerifier, generateState, authorizationUrl } from "../../providers/oauth/authorization.js";
import { serverOfCallback } from "../../providers/contract/oauth.js";
import { exchangeCode, revokeGrant, type TokenGrant } from "../../providers/oauth/grants.js";
import type { Credentials, Provider } from "../../providers/contract/contract.js";
import type { OAuthExchange, OAuthQuestion } from "../../providers/contract/oauth.js";
import type { ProviderRegistry } from "../../providers/registry.js";
import type { ConnectionRecord } from "../../store/connections.js";
import type { Store } from "../../store/open-store.js";
import type { ConnectGrant, ConnectToken, ConnectTokens, Redemption } from "./connect-tokens.js";
import type { ConnectionDirectory, EndUserDetails } from "../access/directory.js";
import type { ConnectionService, ConnectionTarget, Replaceable } from "../lifecycle/connection-service.js";
import { readCredentials, withInputPaths } from "../credentials/credential-input.js";
import type { InFlight } from "../credentials/in-flight.js";
import { detached, type MonotonicClock, type Operation } from "../calls/operation.js";
import type { Tenant } from "../access/principal.js";
import { readRedirectUrl } from "./redirect-url.js";
import { missingClient, notConfigured, type UpstreamAccess } from "../calls/upstream-access.js";

/** An authorization that has begun. The end user's browser keeps it until the callback. */
export interface AuthorizationAttempt {
  provider: string;
  /** Id of the authorization server. */
  server: string;
  /** The answer to the provider's question before the consent page; null if it has none. */
  answer: string | null;
  state: string;
  codeVerifier: string;
}

export interface ConnectTokenInput {
  endUserId: string;
  displayName?: string | null | undefined;
  email?: string | null | undefined;
  provider?: string | null | undefined;
  redirectUrl?: string | null | undefined;
}

export interface ConnectServiceOptions {
  store: Store;
  registry: ProviderRegistry;
  connections: ConnectionService;
  directory: ConnectionDirectory;
  access: UpstreamAccess;
  tokens: ConnectTokens;
  inFlight: InFlight;
  /** Slug → the credential that its sandbox CRM accepts. Null if the sandbox is off. */
  sandboxCredential: ((slug: string) => Credentials) | null;
  /** Origin under which end users reach crmesh. */
  publicUrl: () => string;
  clock: MonotonicClock;
  onBackgroundError: (error: unknown) => void;
}

/** Issues Connect links, and does what end users request on the Connect pages. */
export class ConnectService {
  readonly #options: ConnectServiceOptions;

  constructor(options: ConnectServiceOptions) {
    this.#options = options;
  }

  /**
   * Issues a Connect link for an end user. Creates or updates the end user as `upsertEndUser` does.
   * @throws CrmError PROVIDER_NOT_FOUND, INVALID_INPUT for an unusable redirect URL or a provider that is not configured
   */
  async createToken(tenant: Tenant, input: ConnectTokenInput): Promise<ConnectToken> {
    const { endUserId, displayName, email, provider: slug = null, redirectUrl = null } = input;
    const provider = slug === null ? null : this.#options.registry.get(slug);
    const back = redirectUrl === null ? null : readRedirectUrl(redirectUrl, tenant.environment, "input.redirectUrl");
    if (provider && !this.isConfigured(provider, tenant))
      throw invalidInput({ "input.provider": missingClient(provider) });
    const details: EndUserDetails = {
      id: endUserId,
      ...(displayName === undefined ? {} : { displayName }),
      ...(email === undefined ? {} : { email }),
    };
    const endUser = await this.#options.directory.upsertEndUser(tenant, details);
    return this.#issue(tenant, { endUserId: endUser.id, provider: provider?.slug ?? null, redirectUrl: back });
  }

  /**
   * Issues a Connect link on which the end user can reconnect one connection, and do nothing else.
   * @throws CrmError CONNECTION_NOT_FOUND, INVALID_INPUT for an unusable redirect URL, SERVICE_UNAVAILABLE for a provider
   *   that is not configured (any more)
   */
  async reconnectLink(tenant: Tenant, connectionId: string, redirectUrl: string | null): Promise<ConnectToken> {
    const connection = await this.#options.directory.byId(tenant, connectionId);
    const back = redirectUrl === null ? null : readRedirectUrl(redirectUrl, tenant.environment, "redirectUrl");
    const provider = this.#options.registry.get(connection.provider);
    if (!this.isConfigured(provider, tenant)) throw notConfigured(provider);
    const { endUserId } = connection;
    return this.#issue(tenant, { endUserId, provider: provider.slug, connectionId, redirectUrl: back });
  }

  /** @param admit checks who opens the link, before that spends the token */
  redeem(token: string, admit: (grant: ConnectGrant) => Promise<void>): Promise<Redemption> {
    return this.#options.tokens.redeem(token, admit);
  }

  isConfigured(provider: Provider, { environment }: Tenant): boolean {
    return this.#options.access.isConfigured(provider, environment);
  }

  /** Names the workspace and the end user for the pages. @throws CrmError END_USER_NOT_FOUND */
  async describe(grant: ConnectGrant): Promise<{ workspaceName: string; endUserName: string | null }> {
    const [workspace, endUser] = await Promise.all([
      this.#options.store.workspaces.get(grant.workspaceId),
      this.#options.directory.endUserById(grant, grant.endUserId),
    ]);
    if (!workspace) throw new CrmError("END_USER_NOT_FOUND");
    return { workspaceName: workspace.name, endUserName: endUser.displayName };
  }

  /** The providers that the end user may connect: all configured ones, or the one of the grant. */
  providers(grant: ConnectGrant): readonly Provider[] {
    return this.#options.registry.all.filter(
      (provider) => this.isConfigured(provider, grant) && (grant.provider === null || grant.provider === provider.slug),
    );
  }

  /** The credential to type in for a sandbox CRM. Null for live connections, which reach the real CRMs. */
  sandboxCredential({ environment }: ConnectGrant, { slug }: Provider): Credentials | null {
    return environment === "test" ? (this.#options.sandboxCredential?.(slug) ?? null) : null;
  }

  /** The end user's connections to those providers, oldest first; or the one connection that the grant is for. */
  async connections(grant: ConnectGrant): Promise<ConnectionRecord[]> {
    const found = await this.#options.directory.list(grant, grant.endUserId);
    const offered = new Set(this.providers(grant).map(({ slug }) => slug));
    return found.filter(({ id, provider }) => offered.has(provider) && (grant.connectionId ?? id) === id);
  }

  /**
   * Begins an authorization. Returns the URL of the consent page, and the attempt that the browser must keep.
   * @param choice the authorization server's id, and the answer to the question before the consent page
   * @throws CrmError PROVIDER_NOT_FOUND if the provider is not offered, and the errors of `readAnswer`
   */
  async authorize(
    grant: ConnectGrant,
    slug: string,
    { serverId, answer: given }: { serverId?: string; answer?: string },
    operation: Operation,
  ): Promise<{ url: string; attempt: AuthorizationAttempt }> {
    const { provider } = this.#target(grant, slug);
    if (!provider.oauth)
      throw invalidInput({ provider: `${provider.name} does not use OAuth. Connect it with its credentials.` });
    const { question } = provider.oauth;
    const answer = question ? this.readAnswer(grant, slug, given) : null;
    const exchange = this.#exchange(grant, provider, serverId, operation);
    const scopes = [...provider.oauth.scopes, ...(question && answer !== null ? question.scopes(answer) : [])];
    const attempt = {
      provider: provider.slug,
      server: exchange.server.id,
      answer,
      state: generateState(),
      codeVerifier: generateCodeVerifier(),
    };
    const url = await authorizationUrl({ ...provider.oauth, scopes }, exchange.server, {
      clientId: exchange.client.id,
      redirectUri: this.redirectUri(provider),
      state: attempt.state,
      codeVerifier: attempt.codeVerifier,
    });
    return { url, attempt };
  }

  /**
   * Checks and normalizes the answer to the provider's question before the consent page, or the address of the customer's
   * own authorization server, which becomes the server's id.
   * @throws CrmError MISSING_REQUIRED, or INVALID_INPUT with `errors` under `input.credentials.<name>`
   */
  readAnswer(grant: ConnectGrant, slug: string, answer: string | undefined): string {
    const { question, ownServers } = this.#target(grant, slug).provider.oauth ?? {};
    const name = (question ?? ownServers)?.field.name;
    if (name === undefined) throw invalidInput({ provider: "This provider has no question before the consent page." });
    if (!answer) throw new CrmError("MISSING_REQUIRED", { errors: { [`input.credentials.${name}`]: "Fill this in." } });
    return withInputPaths({ [name]: answer }, () => question?.read(answer) ?? ownServers!.read(answer).id);
  }

  /** The redirect URI, exactly as it must be registered at the provider. */
  redirectUri({ slug }: Pick<Provider, "slug">): string {
    return `${this.#options.publicUrl()}/connect/callback/${slug}`;
  }

  /**
   * Completes an authorization: exchanges the code, verifies the credentials, and creates the connection or gives the
   * existing one its new credentials.
   * @param callback the query of the redirect
   * @throws AuthorizationDeclinedError, CrmError
   */
  completeAuthorization(
    grant: ConnectGrant,
    attempt: AuthorizationAttempt,
    callback: URLSearchParams,
    operation: Operation,
  ): Promise<ConnectionRecord> {
    return this.#options.inFlight.run(() => this.#complete(grant, attempt, callback, operation));
  }

  async #complete(
    grant: ConnectGrant,
    attempt: AuthorizationAttempt,
    callback: URLSearchParams,
    operation: Operation,
  ): Promise<ConnectionRecord> {
    const target = this.#target(grant, attempt.provider);
    const { oauth } = target.provider;
    if (!oauth)
      throw invalidInput({ provider: `${target.provider.name} does not use OAuth. Connect it with its credentials.` });
    const server = serverOfCallback(oauth, callback, attempt.server);
    const exchange = this.#exchange(grant, target.provider, server.id, detached(operation, this.#options.clock));
    const { state, codeVerifier } = attempt;
    const redirectUri = this.redirectUri(target.provider);
    const granted = await exchangeCode(exchange, oauth, { callback, state, redirectUri, codeVerifier });
    try {
      const given = withAnswer(oauth.question, attempt.answer, granted.credentials);
      const { connections } = this.#options;
      const { accountName, credentials } = await connections.verify(target, given, operation);
      const { scopes, expiresAt } = granted;
      return await connections.save(
        target,
        { credentials, accountName, scopes, expiresAt, redirectUrl: grant.redirectUrl },
        operation,
        replaceableWith(grant),
      );
    } catch (error) {
      const again = this.#exchange(grant, target.provider, server.id, detached(operation, this.#options.clock));
      await this.#giveBack(target.provider, again, granted);
      throw error;
    }
  }

  /**
   * Creates the connection from the credentials that the end user entered, or gives them to the existing connection.
   * @throws CrmError with `errors` under `input.credentials.<name>`
   */
  async submitCredentials(
    grant: ConnectGrant,
    slug: string,
    credentials: Record<string, unknown>,
    operation: Operation,
  ): Promise<ConnectionRecord> {
    const target = this.#target(grant, slug);
    if (target.provider.oauth)
      throw invalidInput({ provider: `${target.provider.name} uses OAuth. It cannot be connected with credentials.` });
    const given = readCredentials(target.provider, credentials);
    const { connections } = this.#options;
    const verified = await connections.verify(target, given, operation);
    return connections.save(target, { ...verified, redirectUrl: grant.redirectUrl }, operation, replaceableWith(grant));
  }

  /** @throws CrmError CONNECTION_NOT_FOUND, also for a connection of another end user, and if the grant is only to reconnect */
  async disconnect(grant: ConnectGrant, connectionId: string, operation: Operation): Promise<void> {
    if (grant.connectionId) throw new CrmError("CONNECTION_NOT_FOUND");
    const found = (await this.connections(grant)).find(({ id }) => id === connectionId);
    if (!found) throw new CrmError("CONNECTION_NOT_FOUND");
    await this.#options.connections.remove(grant, found.id, operation);
  }

  #issue(
    { workspaceId, environment }: Tenant,
    grant: Pick<ConnectGrant, "endUserId" | "provider" | "redirectUrl"> & { connectionId?: string },
  ): Promise<ConnectToken> {
    return this.#options.tokens.issue({ workspaceId, environment, connectionId: null, ...grant });
  }

  /** @throws CrmError PROVIDER_NOT_FOUND if the provider is not offered, SERVICE_UNAVAILABLE if it is not configured */
  #target(grant: ConnectGrant, slug: string): ConnectionTarget {
    const provider = this.#options.registry.get(slug);
    if (grant.provider !== null && grant.provider !== slug) throw new CrmError("PROVIDER_NOT_FOUND");
    if (!this.isConfigured(provider, grant)) throw notConfigured(provider);
    return { tenant: grant, endUserId: grant.endUserId, provider };
  }

  #exchange(
    { workspaceId, environment, endUserId }: ConnectGrant,
    provider: Provider,
    serverId: string | undefined,
    operation: Operation,
  ): OAuthExchange {
    const target = { workspaceId, environment, endUserId, provider, connectionId: null };
    return this.#options.access.oauth(target, serverId, operation);
  }

  /** Revokes tokens from which no connection was made. */
  async #giveBack({ oauth }: Provider, exchange: OAuthExchange, { credentials }: TokenGrant): Promise<void> {
    await revokeGrant(exchange, oauth!, credentials).catch(this.#options.onBackgroundError);
  }
}

function withAnswer(question: OAuthQuestion | undefined, answer: string | null, credentials: Credentials): Credentials {
  return question && answer !== null ? { ...credentials, [question.field.name]: answer } : credentials;
}

/** On the Connect pages, the end user has chosen to replace an existing connection. */
function replaceableWith({ connectionId }: ConnectGrant): Replaceable {
  return connectionId ? { id: connectionId, required: true } : "ANY";
}
