/** crmesh as `npm run build` makes it, with sandbox CRMs, in this process: several servers on one store. */
import "../../node_modules/reflect-metadata/Reflect.js";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../../dist/config.js";
import { SCOPES } from "../../dist/connections/access/principal.js";
import { createLogger } from "../../dist/observability/logger.js";
import { hubspot } from "../../dist/providers/crm/hubspot/index.js";
import { providers } from "../../dist/providers/index.js";
import { ProviderRegistry } from "../../dist/providers/registry.js";
import { startSandbox } from "../../dist/sandbox/public.js";
import { startServer } from "../../dist/server.js";
import { parseEncryptionKeys } from "../../dist/store/encryption-keys.js";
import { openStore } from "../../dist/store/open-store.js";
import { Vault } from "../../dist/store/vault.js";

const ENCRYPTION_KEY = `test:${Buffer.alloc(32, 7).toString("base64")}`;
export const DEMO_KEY = "sk_test_demo";

export async function openCrmesh() {
  const folder = await mkdtemp(join(tmpdir(), "crmesh-federation-"));
  const store = await openStore({ dataDir: folder });
  const sandbox = await startSandbox();
  const vault = new Vault(parseEncryptionKeys(ENCRYPTION_KEY));
  const servers = [];

  async function serve(config = {}, overrides = {}) {
    const defaults = readConfig({ CRMESH_ENCRYPTION_KEY: ENCRYPTION_KEY, CRMESH_RATE_LIMIT: "100000" }, providers);
    const logger = createLogger("silent");
    const server = await startServer({ ...defaults, port: 0, ...config }, { store, sandbox, logger, ...overrides });
    servers.push(server);
    return server.origin;
  }

  async function key({ workspace = "demo", scopes = SCOPES } = {}) {
    const { id: workspaceId } = await store.workspaces.ensure(workspace);
    return (await store.apiKeys.create({ workspaceId, environment: "test", name: "Test", scopes })).secret;
  }

  async function connect(endUser, provider, { workspace = "demo", account = "demo" } = {}) {
    const { id: workspaceId } = await store.workspaces.ensure(workspace);
    const found = { workspaceId, environment: "test", externalId: endUser };
    const { id: endUserId } = await store.endUsers.upsert(found);
    if (provider === null) return;
    const id = store.connections.newId();
    const credentials = await vault.encrypt(id, sandbox.credentials(provider, account));
    await store.connections.create(
      { id, workspaceId, environment: "test", endUserId, provider, credentials },
      { type: "CREATED", actor: { kind: "CRMESH" } },
    );
  }

  async function close() {
    for (const server of servers.reverse()) await server.close();
    await sandbox.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }

  const slugs = [...sandbox.origins.keys()];
  const origins = {
    main: await serve(),
    prefixed: await serve({ subgraphPrefix: "Crm" }),
    small: await serve(
      {},
      {
        providers: new ProviderRegistry([{ ...hubspot, resources: { contact: hubspot.resources.contact } }]),
      },
    ),
    shut: await serve({ maintenance: true }),
    strict: await serve({ rateLimit: 1 }),
    broken: await serve(
      {},
      {
        store: {
          ...store,
          connections: Object.assign(Object.create(store.connections), {
            listByEndUsers: () => Promise.reject(new TypeError("not what the store says")),
          }),
        },
      },
    ),
  };
  for (const endUser of ["ann", "bob"]) for (const slug of slugs) await connect(endUser, slug, { account: endUser });
  await connect("lonely", null);
  await connect("broken", "hubspot", { workspace: "failing" });
  return { origins, slugs, close, key };
}

/** @returns status, and the body as JSON */
export async function post(url, { query, variables, headers = {} }) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${DEMO_KEY}`, ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, body: await response.json() };
}
