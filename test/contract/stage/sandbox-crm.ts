import { startSandboxServer, type SandboxServerOptions } from "../../../src/sandbox/kit/server.js";
import type { ContractSubject } from "../subject.js";
import { readWorld } from "./read-world.js";
import type { StageCrm } from "./stage-crm.js";

/** Starts the sandbox of the subject. It supports all cases. */
export async function startSandboxCrm(subject: ContractSubject, options: SandboxServerOptions): Promise<StageCrm> {
  const { sandbox } = subject;
  const server = await startSandboxServer(sandbox, { slowMs: 50, ...options });
  let words = 0;
  return {
    supports: () => null,
    target: server.origin,
    environment: "test",
    oauthClient: subject.oauthClient,
    credentials: (account, origin) => sandbox.credentials(account, origin, Date.now()),
    connectNative: (account) => subject.openNative(server.origin, sandbox.typedCredential(account)),
    makeWorld: (client, origin) => readWorld(subject, client, origin),
    async makeFresh(client) {
      return {
        unique: () => `u${(words += 1)}x`,
        contacts: [...(await client.all("contact")).keys()].slice(0, 6),
        leads: subject.resources.lead ? [...(await client.all("lead")).keys()].slice(0, 6) : [],
        companies: await client.companies(),
        bareContact: "",
        owners: [...(await client.owners()).keys()],
      };
    },
    counting: (_resource, records) => [...records],
    noteMade: () => undefined,
    close: () => server.close(),
  };
}
