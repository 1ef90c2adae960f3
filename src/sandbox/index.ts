import { attioSandbox } from "./attio/index.js";
import { closeSandbox } from "./close/index.js";
import { dynamics365Sandbox } from "./dynamics365/index.js";
import { espocrmSandbox } from "./espocrm/index.js";
import { hubspotSandbox } from "./hubspot/index.js";
import { odooSandbox } from "./odoo/index.js";
import { pipedriveSandbox } from "./pipedrive/index.js";
import { salesforceSandbox } from "./salesforce/index.js";
import { twentySandbox } from "./twenty/index.js";
import { zohoSandbox } from "./zoho/index.js";
import type { SandboxCrm } from "./crm.js";
import { startSandboxServer, type SandboxServer, type SandboxServerOptions } from "./server.js";

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

export { SANDBOX_OAUTH_CLIENT } from "./oauth/client.js";

/** All imitated CRMs, each on a port of its own. Every method with a slug throws for one that is not among them. */
export interface Sandbox {
  /** Slug → origin. */
  readonly origins: ReadonlyMap<string, string>;
  /** Credentials of a new grant of the account, as if its user had just consented. */
  credentials(slug: string, account: string): Record<string, string>;
  /** @see SandboxServer.revoke */
  revoke(slug: string, account: string): void;
  /** @see SandboxServer.refreshes */
  refreshes(slug: string, account: string): number;
  close(): Promise<void>;
}

export async function startSandbox(options: Omit<SandboxServerOptions, "port"> = {}): Promise<Sandbox> {
  const servers = new Map<string, SandboxServer>();
  for (const crm of CRMS) servers.set(crm.slug, await startSandboxServer(crm, options));
  const serverOf = (slug: string): SandboxServer => {
    const server = servers.get(slug);
    if (!server) throw new Error(`There is no sandbox of ${slug}.`);
    return server;
  };
  return {
    origins: new Map([...servers].map(([slug, { origin }]) => [slug, origin])),
    credentials: (slug, account) => serverOf(slug).credentials(account),
    revoke: (slug, account) => serverOf(slug).revoke(account),
    refreshes: (slug, account) => serverOf(slug).refreshes(account),
    close: async () => {
      await Promise.all([...servers.values()].map((server) => server.close()));
    },
  };
}
