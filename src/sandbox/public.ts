import type { FastifyInstance } from "fastify";
import { attioSandbox } from "./crms/attio/index.js";
import { closeSandbox } from "./crms/close/index.js";
import { dynamics365Sandbox } from "./crms/dynamics365/index.js";
import { espocrmSandbox } from "./crms/espocrm/index.js";
import { hubspotSandbox } from "./crms/hubspot/index.js";
import { odooSandbox } from "./crms/odoo/index.js";
import { pipedriveSandbox } from "./crms/pipedrive/index.js";
import { salesforceSandbox } from "./crms/salesforce/index.js";
import { twentySandbox } from "./crms/twenty/index.js";
import { zohoSandbox } from "./crms/zoho/index.js";
import { DEMO_ACCOUNT } from "./kit/accounts.js";
import { SANDBOX_FAULTS, type SandboxCrm } from "./kit/crm.js";
import { startSandboxServer, type SandboxServer, type SandboxServerOptions } from "./kit/server.js";
import { SANDBOX_OAUTH_CLIENT } from "./oauth/client.js";

export { SANDBOX_OAUTH_CLIENT };

const CRMS: readonly SandboxCrm[] = [
  hubspotSandbox,
  salesforceSandbox,
  odooSandbox,
  pipedriveSandbox,
  zohoSandbox,
  dynamics365Sandbox,
  closeSandbox,
  attioSandbox,
  espocrmSandbox,
  twentySandbox,
];

/** All imitated CRMs, each on its own port. Every method with a slug throws an Error for an unknown slug. */
export interface Sandbox {
  /** Slug → origin. */
  readonly origins: ReadonlyMap<string, string>;
  /** The OAuth client that every imitated CRM accepts. */
  readonly oauthClient: Readonly<typeof SANDBOX_OAUTH_CLIENT>;
  /** The values of the request header `X-Sandbox-Fault` that the imitated CRMs understand. */
  readonly faults: readonly string[];
  /** Creates credentials of a new grant of the account, as if its user had just consented. */
  credentials(slug: string, account: string): Record<string, string>;
  /** The credential that a person types in to connect the account `demo`. */
  demoCredential(slug: string): Readonly<Record<string, string>>;
  /** @see SandboxServer.revoke */
  revoke(slug: string, account: string): void;
  /** @see SandboxServer.refreshes */
  refreshes(slug: string, account: string): number;
  /**
   * Adds the consent pages to a server that browsers reach, each under `<prefix>/<slug>` and the CRM's own path.
   * @param redirectUri the only redirect URI of a CRM to which its page sends a browser
   */
  addConsentPages(app: FastifyInstance, prefix: string, redirectUri: (slug: string) => string): void;
  close(): Promise<void>;
}

/**
 * Starts a server for every imitated CRM.
 *
 * @throws Error if one server cannot start. The servers that did start are closed first
 */
export async function startSandbox(
  options: Omit<SandboxServerOptions, "port"> = {},
  crms: readonly SandboxCrm[] = CRMS,
): Promise<Sandbox> {
  const servers = await startAll(crms, options);
  const serverOf = (slug: string): SandboxServer => {
    const server = servers.find((candidate) => candidate.slug === slug);
    if (!server) throw new Error(`There is no sandbox of ${slug}.`);
    return server;
  };
  return {
    origins: new Map(servers.map(({ slug, origin }) => [slug, origin])),
    oauthClient: SANDBOX_OAUTH_CLIENT,
    faults: SANDBOX_FAULTS,
    credentials: (slug, account) => serverOf(slug).credentials(account),
    demoCredential: (slug) => serverOf(slug).typedCredential(DEMO_ACCOUNT),
    revoke: (slug, account) => serverOf(slug).revoke(account),
    refreshes: (slug, account) => serverOf(slug).refreshes(account),
    addConsentPages(app, prefix, redirectUri) {
      for (const { slug, browserRoutes } of servers) {
        if (!browserRoutes) continue;
        const isRedirectUri = (text: string) => text === redirectUri(slug);
        app.register(async (scope) => browserRoutes(scope, isRedirectUri), { prefix: `${prefix}/${slug}` });
      }
    },
    close: () => closeAll(servers),
  };
}

async function startAll(crms: readonly SandboxCrm[], options: SandboxServerOptions): Promise<SandboxServer[]> {
  const starts = await Promise.allSettled(crms.map((crm) => startSandboxServer(crm, options)));
  const failed = starts.find((start) => start.status === "rejected");
  const servers = starts.flatMap((start) => (start.status === "fulfilled" ? start.value : []));
  if (!failed) return servers;
  await closeAll(servers);
  throw failed.reason;
}

async function closeAll(servers: readonly SandboxServer[]): Promise<void> {
  await Promise.all(servers.map((server) => server.close()));
}
