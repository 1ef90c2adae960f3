import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { randomUUID } from "node:crypto";
import http from "node:http";
import { DEMO_KEY, type QueryOptions, type TestServer } from "./test-server.js";

const REQUESTS = "http.server.request.start";

/** A caller of a server in this process who hangs up when told to. */
export interface LeavingCaller {
  /** Hangs up once the request has arrived; resolves when the server has noticed it. */
  leave(): Promise<void>;
}

export function leavingCaller(server: TestServer, document: string, options: QueryOptions = {}): LeavingCaller {
  const { headers = {}, key = DEMO_KEY, endUserId = "demo", provider } = options;
  const requestId = randomUUID();
  const arrived = new Promise<http.ServerResponse>((resolve) => {
    const onRequest = (message: unknown) => {
      const { request, response } = message as { request: http.IncomingMessage; response: http.ServerResponse };
      if (request.headers["x-request-id"] !== requestId) return;
      unsubscribe(REQUESTS, onRequest);
      resolve(response);
    };
    subscribe(REQUESTS, onRequest);
  });
  const asking = http.request(provider === undefined ? server.url : `${server.url}?provider=${provider}`, {
    method: "POST",
    // fetch would connect anew after hanging up, and the server would wait for that connection at its stop.
    agent: false,
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${key}`,
      "x-end-user-id": endUserId!,
      "x-request-id": requestId,
      ...headers,
    },
  });
  const answered = new Promise<boolean>((resolve) => {
    asking.on("response", () => resolve(true));
    asking.on("error", () => resolve(false));
  });
  asking.end(JSON.stringify({ query: document }));
  return {
    async leave() {
      const response = await arrived;
      const noticed = new Promise((resolve) => response.once("close", resolve));
      asking.destroy();
      if (await answered) throw new Error("The answer came before the caller left.");
      await noticed;
    },
  };
}
