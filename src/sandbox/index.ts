import { hubspotSandbox } from "./hubspot/index.js";
import { odooSandbox } from "./odoo/index.js";
import { salesforceSandbox } from "./salesforce/index.js";
import type { SandboxCrm } from "./crm.js";
import { startSandboxServer, type SandboxServer, type SandboxServerOptions } from "./server.js";

const CRMS: readonly SandboxCrm[] = [hubspotSandbox, salesforceSandbox, odooSandbox];

/** The OAuth client that every sandbox CRM knows. */
export const SANDBOX_OAUTH_CLIENT = { id: "crmesh-sandbox", secret: "sandbox-secret" };

/** All imitated CRMs, each on a port of its own. */
export interface Sandbox {
  /** Slug → origin. */
  readonly origins: ReadonlyMap<string, string>;
  /** Credentials that the CRM accepts for an account. */
  credentials(slug: string, account: string): Record<string, string>;
  close(): Promise<void>;
}

export async function startSandbox(options: Omit<SandboxServerOptions, "port"> = {}): Promise<Sandbox> {
  const servers: SandboxServer[] = [];
  for (const crm of CRMS) servers.push(await startSandboxServer(crm, options));
  const origins = new Map(servers.map(({ slug, origin }) => [slug, origin]));
  return {
    origins,
    credentials(slug, account) {
      const crm = CRMS.find((candidate) => candidate.slug === slug);
      if (!crm) throw new Error(`There is no sandbox of ${slug}.`);
      return crm.credentials(account, origins.get(slug)!, (options.now ?? Date.now)());
    },
    close: async () => {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}
