import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { SCOPES } from "../dist/connections/access/principal.js";
import { parseEncryptionKeys } from "../dist/store/encryption-keys.js";
import { openStore } from "../dist/store/open-store.js";
import { Vault } from "../dist/store/vault.js";

const MAIN = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const READY = /^crmesh is ready: (\S+)/m;
const END_USER = "bench";
/** An account of wide-crm-process.js, which answers with the least work. */
const CREDENTIALS = { accessToken: "pat-sandbox-own-0" };

/** crmesh as in production with PostgreSQL and a number of workers, whose end user is connected to HubSpot. */
export async function startWorkers({ databaseUrl, encryptionKey, workers, origin }) {
  const key = await prepare({ databaseUrl, encryptionKey });
  const child = spawn(process.execPath, [MAIN, "serve"], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: "production",
      PORT: "0",
      DATABASE_URL: databaseUrl,
      CRMESH_ENCRYPTION_KEY: encryptionKey,
      CRMESH_WORKERS: String(workers),
      CRMESH_DRAIN_MS: "0",
      CRMESH_LOG_LEVEL: "silent",
      CRMESH_RATE_LIMIT: "1000000",
      CRMESH_REQUEST_TIMEOUT_MS: "120000",
      CRMESH_CONNECTION_TIMEOUT_MS: "60000",
      CRMESH_UPSTREAM_TIMEOUT_MS: "60000",
      CRMESH_HUBSPOT_BASE_URL: origin,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  const url = await new Promise((resolve, reject) => {
    let output = "";
    const add = (text) => {
      output += text;
      const found = READY.exec(output)?.[1];
      if (found) resolve(found);
    };
    child.stdout.setEncoding("utf8").on("data", add);
    child.stderr.setEncoding("utf8").on("data", add);
    exited.then(() => reject(new Error(`crmesh ended: ${output}`)), reject);
  });
  return {
    url,
    pid: child.pid,
    headers: { authorization: `Bearer ${key}`, "x-end-user-id": END_USER },
    async stop() {
      child.kill("SIGTERM");
      await exited;
    },
  };
}

/** @returns an API key of a new workspace, whose end user has a connection */
async function prepare({ databaseUrl, encryptionKey }) {
  const store = await openStore({ dataDir: null, databaseUrl });
  try {
    const { id: workspaceId } = await store.workspaces.ensure(`bench-${Date.now()}`);
    const owner = { workspaceId, environment: "live" };
    const { secret } = await store.apiKeys.create({ ...owner, name: "bench", scopes: SCOPES });
    const endUser = await store.endUsers.upsert({ ...owner, externalId: END_USER });
    const id = store.connections.newId();
    const vault = new Vault(parseEncryptionKeys(encryptionKey));
    const credentials = await vault.encrypt(id, CREDENTIALS);
    const connection = { ...owner, id, endUserId: endUser.id, provider: "hubspot", credentials };
    await store.connections.create(connection, { type: "CREATED", actor: { kind: "CRMESH" } });
    return secret;
  } finally {
    await store.close();
  }
}
