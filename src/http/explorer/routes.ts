import type { FastifyInstance, FastifyReply } from "fastify";
import { createGunzip } from "node:zlib";
import { refusedRequest } from "../../errors/crm-error.js";
import { replyWithError } from "../error-reply.js";
import type { Explorer } from "./explorer.js";
import { ASSETS_PATH, PATHS, type ExplorerName, type ExplorerPage } from "./pages.js";

const PAGE_HEADERS = {
  // The page can contain the test key.
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  // The frame of Apollo Sandbox may open windows.
  "cross-origin-opener-policy": "same-origin-allow-popups",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
  "x-robots-tag": "noindex",
};

/** `GET /`, the pages of both explorers, and the files that they load. The page at `/graphql` is `sendPage`'s, too. */
export function explorerRoutes(app: FastifyInstance, explorer: Explorer): void {
  app.get("/", async (_request, reply) => sendPage(reply, await explorer.page()));
  for (const name of Object.keys(PATHS) as ExplorerName[])
    app.get(PATHS[name], async (_request, reply) => sendPage(reply, await explorer.page(name)));

  app.get<{ Params: { name: string } }>(`${ASSETS_PATH}/:name`, async (request, reply) => {
    const file = await explorer.bundle.file(request.params.name);
    if (file === null)
      return replyWithError(reply, refusedRequest(404, { path: "This file does not exist. Load the page again." }));
    void reply.type(file.type).headers({
      // A changed file has another name.
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "same-origin",
      vary: "Accept-Encoding",
    });
    if (acceptsGzip(request.headers["accept-encoding"]))
      return reply.headers({ "content-encoding": "gzip", "content-length": file.length }).send(file.open());
    const plain = createGunzip();
    file
      .open()
      .once("error", (error) => plain.destroy(error))
      .pipe(plain);
    return reply.send(plain);
  });
}

export function sendPage(reply: FastifyReply, page: ExplorerPage): FastifyReply {
  const { status, html, contentSecurityPolicy, reloadAfterS } = page;
  return reply
    .code(status)
    .type("text/html; charset=utf-8")
    .headers({
      ...PAGE_HEADERS,
      "content-security-policy": contentSecurityPolicy,
      ...(reloadAfterS === undefined ? {} : { refresh: reloadAfterS, "retry-after": reloadAfterS }),
    })
    .send(html);
}

function acceptsGzip(accept: string | string[] | undefined): boolean {
  return /(^|,)\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*(,|$))|,|$)/i.test(String(accept ?? ""));
}
