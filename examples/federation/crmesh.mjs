/** crmesh with its sandbox CRMs, as `npm start` runs it, in a process and a folder of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const READY = /crmesh is ready: (http:\S+)\/graphql/;

/** @returns the address and the key of crmesh, and how it stops */
export async function startCrmesh() {
  const folder = await mkdtemp(join(tmpdir(), "crmesh-example-"));
  const server = spawn(process.execPath, [COMMAND, "serve"], {
    env: { ...process.env, CRMESH_DATA_DIR: folder, CRMESH_LOG_LEVEL: "warn", HOST: "127.0.0.1", PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(server, "exit");
  const stop = async () => {
    server.kill();
    await exited;
    await rm(folder, { recursive: true, force: true });
  };
  let output = "";
  const ready = new Promise((resolve) => {
    server.stdout.on("data", (chunk) => {
      output += chunk;
      const found = READY.exec(output);
      if (found) resolve(found[1]);
    });
  });
  const url = await Promise.race([ready, exited.then(() => null)]);
  if (url === null) throw new Error("crmesh does not start. Has it been built?");
  return { url, key: "sk_test_demo", stop };
}

/**
 * Connects customers to the HubSpot of the sandbox. In a product, the customers do this themselves, on the pages of Connect.
 * A customer who is connected already stays so.
 */
export async function connect({ url, key }, endUserIds) {
  const query = `mutation ($endUserId: ID!, $credentials: JSON!) {
    upsertEndUser(input: { endUserId: $endUserId }) { id }
    createConnection(input: { endUserId: $endUserId, provider: "hubspot", credentials: $credentials }) { id }
  }`;
  for (const endUserId of endUserIds) {
    const variables = { endUserId, credentials: { accessToken: `pat-sandbox-${endUserId}` } };
    const { errors = [] } = await ask(`${url}/graphql`, { query, variables }, { authorization: `Bearer ${key}` });
    const refused = errors.find(({ extensions }) => extensions.code !== "CONNECTION_ALREADY_EXISTS");
    if (refused) throw new Error(`${endUserId} is not connected: ${JSON.stringify(refused)}`);
  }
}

export async function ask(url, operation, headers = {}) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(operation),
  });
  return response.json();
}
