import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "./client.js";

/** crmesh over all sandbox CRMs, every answer of which comes 1.5 seconds late. */
export async function startLateCrms(start) {
  const dataDir = await mkdtemp(join(tmpdir(), "crmesh-bench-"));
  const { ready } = await start("fan-out-process.js", { dataDir });
  const { url, key, endUser, resources } = ready;
  const slugs = Object.keys(resources);
  const client = new Client(url, {
    authorization: `Bearer ${key}`,
    "x-end-user-id": endUser,
    "x-sandbox-fault": slugs.map((slug) => `${slug}=SLOW`).join(", "),
    "x-crmesh-trace": "calls",
  });
  return {
    slugs,
    resources,
    /** @throws Error if the answer has an error of another code than UNSUPPORTED_RESOURCE */
    async timed(query, variables) {
      const startedAt = performance.now();
      const { data, errors = [], extensions } = JSON.parse(await client.post(JSON.stringify({ query, variables })));
      const ms = performance.now() - startedAt;
      const fault = errors.find(({ extensions: { code } }) => code !== "UNSUPPORTED_RESOURCE");
      if (fault) throw new Error(`The answer has errors: ${JSON.stringify(fault)}`);
      return { ms, data, calls: extensions.calls };
    },
    async close() {
      client.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
