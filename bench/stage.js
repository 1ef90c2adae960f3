import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "./client.js";
import { CREATE_CONNECTION, UPSERT_END_USER } from "./operations.js";
import { startProcess } from "./processes.js";

const END_USER = "bench";
/** What crmesh is told of a caller in every request. */
const headersOf = (key) => ({ authorization: `Bearer ${key}`, "x-end-user-id": END_USER });

/**
 * A crmesh in a process of its own, whose end user is connected to all sandbox CRMs.
 * @param environment variables besides those of every benchmark
 */
export async function startCrmesh(start, sandbox, { dataDir, environment = {} }) {
  const { origins, credentials } = sandbox.ready;
  const crmesh = await start("crmesh-process.js", { dataDir, origins, environment });
  const { url, key } = crmesh.ready;
  const client = new Client(url, headersOf(key));
  await client.ask({ query: UPSERT_END_USER, variables: { id: END_USER } });
  for (const provider of Object.keys(origins)) {
    const variables = { endUserId: END_USER, provider, credentials: credentials[provider] };
    await client.ask({ query: CREATE_CONNECTION, variables });
  }
  return { crmesh, client };
}

/** The sandbox CRMs and crmesh, each in a process of its own, and an end user who is connected to all of the CRMs. */
export async function openStage() {
  const dataDir = await mkdtemp(join(tmpdir(), "crmesh-bench-"));
  const processes = [];
  const start = async (file, options) => {
    const started = await startProcess(file, options);
    processes.push(started);
    return started;
  };
  const close = async () => {
    for (const { stop } of processes.reverse()) await stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const sandbox = await start("sandbox-process.js");
    const { crmesh, client } = await startCrmesh(start, sandbox, { dataDir });
    return { sandbox, crmesh, client, headers: headersOf(crmesh.ready.key), start, close };
  } catch (error) {
    await close();
    throw error;
  }
}
