import { setTimeout as delay } from "node:timers/promises";
import type { FastifyReply } from "fastify";
import type { WireAnswer } from "./crm.js";

/** Sends an answer: an object as JSON, a text as HTML. */
export function wireAnswer(reply: FastifyReply, { status, body, headers = {} }: WireAnswer): FastifyReply {
  const isText = typeof body === "string";
  const type = isText && body !== "" ? { "content-type": "text/html; charset=utf-8" } : {};
  return reply
    .code(status)
    .headers({ ...type, ...headers })
    .send(body);
}

/** Makes an error page of the web server in front of a CRM. The foot names the server. */
export function errorPage(title: string, foot?: string): WireAnswer {
  const rule = foot === undefined ? "" : `<hr><center>${foot}</center>`;
  return {
    status: Number(title.slice(0, 3)),
    body: `<html>\n<head><title>${title}</title></head>\n<body><center><h1>${title}</h1></center>${rule}</body>\n</html>\n`,
  };
}

/** Closes the connection in the middle of the answer, before its stated length. */
export async function breakOff(reply: FastifyReply, payload: unknown): Promise<never> {
  const body = bytesOf(payload);
  begin(reply, Math.max(1, body.length));
  reply.raw.write(body.subarray(0, body.length / 2), () => reply.raw.destroy());
  return nothingMore();
}

/** Sends the first half of the answer at once, and the rest late. */
export async function sendInTwoParts(reply: FastifyReply, payload: unknown, lateMs: number): Promise<never> {
  const body = bytesOf(payload);
  const middle = Math.floor(body.length / 2);
  begin(reply, body.length);
  reply.raw.write(body.subarray(0, middle));
  await delay(lateMs);
  reply.raw.end(body.subarray(middle));
  return nothingMore();
}

function begin(reply: FastifyReply, length: number): void {
  const headers = Object.entries(reply.getHeaders()).filter((entry): entry is [string, string | number | string[]] => {
    const [name, value] = entry;
    return value !== undefined && name !== "transfer-encoding";
  });
  reply.raw.writeHead(reply.statusCode, { ...Object.fromEntries(headers), "content-length": length });
}

/** Keeps Fastify from sending anything else. */
function nothingMore(): Promise<never> {
  return new Promise(() => undefined);
}

function bytesOf(payload: unknown): Buffer {
  return Buffer.isBuffer(payload) ? payload : Buffer.from(typeof payload === "string" ? payload : "");
}
