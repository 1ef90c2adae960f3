import { readConfig } from "../config.js";
import { DEMO_END_USER, DEMO_KEY } from "../demo.js";
import { providers } from "../providers/index.js";
import { startServer, type CrmeshServer } from "../server.js";

/** Milliseconds that running requests get to finish after a signal. */
const STOP_TIMEOUT_MS = 30_000;

/** Runs the server until a signal stops it; `out` writes to standard output. */
export async function serve(environment: NodeJS.ProcessEnv, out: (text: string) => void): Promise<void> {
  const config = readConfig(environment, providers);
  const server = await startServer(config);
  out(banner(server));
  await signalled();
  const deadline = setTimeout(() => {
    server.logger.error("Requests did not finish in time; stopping without them");
    process.exit(1);
  }, STOP_TIMEOUT_MS);
  deadline.unref();
  await server.close();
  clearTimeout(deadline);
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}

function banner({ origin, sandbox }: CrmeshServer): string {
  const url = `${origin}/graphql`;
  if (!sandbox) return `crmesh is ready: ${url}\n`;
  return `
crmesh is ready: ${url}   (open it in a browser for Apollo Sandbox)

  test key   ${DEMO_KEY}
  end user   ${DEMO_END_USER}   connected to ${[...sandbox.origins.keys()].join(", ")} (sandbox CRMs, no account needed)

Paste this:

curl ${url} -H 'Authorization: Bearer ${DEMO_KEY}' -H 'X-End-User-Id: ${DEMO_END_USER}' -H 'Content-Type: application/json' \\
  -d '{"query":"{ connections { provider { name } contacts(first: 2) { nodes { fullName emails { address } } } leads(first: 2) { nodes { fullName status } } meetings(first: 2) { nodes { title startAt } } } }"}'

`;
}
