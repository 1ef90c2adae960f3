import http from "node:http";
import type { AddressInfo } from "node:net";

/** HubSpot's limit of a private app: calls in a window that slides. */
export const ALLOWED = 100;
export const WINDOW_MS = 10_000;

/** A CRM that counts its calls and refuses those beyond its limit, as HubSpot does. */
export interface MeteredCrm {
  readonly origin: string;
  /** When each call came, in milliseconds since an arbitrary moment. */
  readonly arrivals: readonly number[];
  /** Number of calls that it has refused. */
  readonly refused: number;
  close(): Promise<void>;
}

/** @param target the origin of the CRM that answers the calls within the limit */
export async function startMeteredCrm(target: string): Promise<MeteredCrm> {
  const arrivals: number[] = [];
  let refused = 0;
  const agent = new http.Agent({ keepAlive: true });
  const server = http.createServer((request, response) => {
    const now = performance.now();
    arrivals.push(now);
    if (arrivals.filter((at) => at > now - WINDOW_MS).length > ALLOWED) {
      refused += 1;
      const body = {
        status: "error",
        errorType: "RATE_LIMIT",
        policyName: "TEN_SECONDLY_ROLLING",
        message: "Too many",
      };
      return void response.writeHead(429, { "content-type": "application/json" }).end(JSON.stringify(body));
    }
    const { method, headers, url } = request;
    const outgoing = http.request(`${target}${url}`, { method, headers, agent }, (answer) => {
      const stated = { "x-hubspot-ratelimit-max": ALLOWED, "x-hubspot-ratelimit-interval-milliseconds": WINDOW_MS };
      response.writeHead(answer.statusCode!, { ...answer.headers, ...stated });
      answer.pipe(response);
    });
    outgoing.on("error", () => response.destroy());
    request.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrivals,
    get refused() {
      return refused;
    },
    close: async () => {
      server.closeAllConnections();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
