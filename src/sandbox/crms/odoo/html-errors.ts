import { STATUS_CODES } from "node:http";
import type { FastifyReply } from "fastify";

/** Whatever is wrong with the HTTP request itself is answered with a page, never with JSON. */
export function sendHtmlError(reply: FastifyReply, status: number, detail = ""): void {
  const title = `${status} ${STATUS_CODES[status] ?? "Error"}`;
  void reply
    .code(status)
    .type("text/html; charset=utf-8")
    .send(`<!doctype html>\n<html lang=en>\n<title>${title}</title>\n<h1>${title}</h1>\n<p>${detail}</p>\n`);
}
