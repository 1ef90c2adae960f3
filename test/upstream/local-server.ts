import http from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  method: string;
  url: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

export type Answer = (response: http.ServerResponse, request: Received) => void;

export interface LocalServer {
  readonly origin: string;
  readonly received: Received[];
  /** What comes next, one answer per request; the last one goes on for good. */
  answer(...answers: Answer[]): void;
  close(): Promise<void>;
}

/** A real HTTP server on loopback that answers as it is told. */
export async function startLocalServer(): Promise<LocalServer> {
  const received: Received[] = [];
  let answers: Answer[] = [json(200, {})];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks).toString() };
      received.push(one);
      const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
      answer(response, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: (...next) => void (answers = next),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (response) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

/** The connection breaks after the request was read. */
export const drop: Answer = (response) => response.destroy();

/** Nothing ever comes. */
export const silence: Answer = () => undefined;

/** A port of this machine on which nobody listens. */
export async function deadOrigin(): Promise<string> {
  const server = await startLocalServer();
  await server.close();
  return server.origin;
}
