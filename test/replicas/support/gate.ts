import http from "node:http";
import type { AddressInfo } from "node:net";

export interface Passage {
  method: string;
  path: string;
  /** What the CRM answered; null until it has, and for a request that never reached it. */
  status: number | null;
}

/** BEFORE: the CRM never hears of the request. AFTER: it has done what was asked, and its answer is kept back. */
export type HoldPoint = "BEFORE" | "AFTER";

export interface Hold {
  /** Resolves when a request is held. */
  readonly reached: Promise<void>;
  /** Lets the held request go on, and lets the next one through. */
  release(): void;
}

/** Stands before a sandbox CRM: sees every request of every process, and can stop one on its way in or out. */
export interface Gate {
  readonly origin: string;
  /** Everything asked so far, in the order in which it came. */
  readonly passages: readonly Passage[];
  /** Stops the next request to this path. A caller that is gone by the time of the release does not come back. */
  hold(path: string, point: HoldPoint): Hold;
  close(): Promise<void>;
}

interface Waiting extends Hold {
  path: string;
  point: HoldPoint;
  caught: () => void;
  readonly released: Promise<void>;
}

export async function startGate(target: string): Promise<Gate> {
  const passages: Passage[] = [];
  const holds: Waiting[] = [];
  const agent = new http.Agent({ keepAlive: true });

  async function pass(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { method = "GET", url = "/", headers } = request;
    const passage: Passage = { method, path: url.split("?")[0]!, status: null };
    passages.push(passage);
    const at = holds.findIndex(({ path }) => path === passage.path);
    const hold = at < 0 ? undefined : holds.splice(at, 1)[0];
    const body = await bodyOf(request);
    if (hold?.point === "BEFORE") await stopAt(hold);
    if (response.destroyed) return;

    const answer = await ask(`${target}${url}`, { method, headers, agent }, body);
    passage.status = answer.status;
    if (hold?.point === "AFTER") await stopAt(hold);
    if (!response.destroyed) response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  const server = http.createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passages,
    hold(path, point) {
      const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const waiting = { path, point, reached: reached.promise, caught: reached.resolve, released: released.promise };
      holds.push({ ...waiting, release: released.resolve });
      return { reached: reached.promise, release: released.resolve };
    },
    close: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function stopAt({ caught, released }: Waiting): Promise<void> {
  caught();
  await released;
}

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

function ask(url: string, options: http.RequestOptions, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const upstream = http.request(url, options, (answer) => {
      const { statusCode = 502, headers } = answer;
      bodyOf(answer).then((body) => resolve({ status: statusCode, headers, body }), reject);
    });
    upstream.on("error", reject);
    upstream.end(body);
  });
}

async function bodyOf(message: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
