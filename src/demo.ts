import { SCOPES } from "./connections/access/principal.js";
import type { ProviderRegistry } from "./providers/registry.js";
import { hashApiKey } from "./store/api-key-secret.js";
import { ApiKeyExistsError } from "./store/api-keys.js";
import type { Store } from "./store/open-store.js";
import type { Vault } from "./store/vault.js";

export const DEMO_KEY = "sk_test_demo";
export const DEMO_END_USER = "demo";
const WORKSPACE = "demo";
const BY_CRMESH = { actor: { kind: "CRMESH" }, detail: "The demo’s sandbox CRMs." } as const;

export interface DemoParts {
  store: Store;
  vault: Vault;
  registry: ProviderRegistry;
  /** Slug → the credential that the sandbox CRM accepts. */
  credentialsOf: (slug: string) => Record<string, string>;
  /** Off in production, because everybody knows the demo key. */
  withKey: boolean;
}

/**
 * Creates the data of the demo: a test key, an end user, and a connection to every sandbox CRM. Existing data stay
 * unchanged, except that a connection that is not ACTIVE gets a new credential.
 */
export async function seedDemo({ store, vault, registry, credentialsOf, withKey }: DemoParts): Promise<void> {
  const environment = "test";
  const key = await store.apiKeys.findByHash(hashApiKey(DEMO_KEY));
  // The workspace of the demo may have another name by now.
  const workspaceId = key?.workspaceId ?? (await store.workspaces.ensure(WORKSPACE)).id;
  if (withKey && key === null) {
    try {
      await store.apiKeys.create({ workspaceId, environment, name: "Demo", scopes: SCOPES, secret: DEMO_KEY });
    } catch (error) {
      // Another replica has created the key in the same database.
      if (!(error instanceof ApiKeyExistsError)) throw error;
    }
  }
  const endUser = await store.endUsers.upsert({
    workspaceId,
    environment,
    externalId: DEMO_END_USER,
    displayName: "Demo end user",
  });
  for (const { slug } of registry.all) {
    const existing = await store.connections.find(workspaceId, environment, endUser.id, slug);
    if (existing?.status === "ACTIVE") continue;
    const id = existing?.id ?? store.connections.newId();
    const given = credentialsOf(slug);
    const change = {
      credentials: await vault.encrypt(id, given),
      accountName: `Sandbox ${registry.get(slug).name}`,
      tokenExpiresAt: given["expiresAt"] === undefined ? null : new Date(given["expiresAt"]),
    };
    if (existing) {
      await store.connections.updateCredentials(id, existing.credentialsVersion, change, {
        ...BY_CRMESH,
        type: "RECONNECTED",
      });
    } else {
      const link = { id, workspaceId, environment, endUserId: endUser.id, provider: slug } as const;
      await store.connections.create({ ...link, ...change }, { ...BY_CRMESH, type: "CREATED" });
    }
  }
}
