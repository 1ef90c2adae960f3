import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { refusedRequest } from "../errors/crm-error.js";
import { replyWithError } from "./error-reply.js";

/** Origin of Apollo's hosted Sandbox. */
export const APOLLO_STUDIO = "https://studio.apollographql.com";

const METHODS = "GET, POST";
/** Headers of answers that a script of another origin may read, beside those that every script may read. */
const READABLE = "retry-after, x-request-id, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset";
/** Seconds for which a browser may remember the answer to a preflight. */
const PREFLIGHT_MAX_AGE_S = 600;

/**
 * Cross-Origin Resource Sharing (CORS): the pages of some other origins may use one URL of crmesh. They send an API key in a
 * header and no cookies, so crmesh allows no credentials.
 */
export class Cors {
  readonly #origins: ReadonlySet<string>;

  /** @param origins such as `https://studio.apollographql.com` */
  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins);
  }

  /** Lets the page that sent a request read the answer, if its origin is allowed. Call it before anything can refuse the request. */
  allow({ headers }: FastifyRequest, reply: FastifyReply): void {
    if (this.#origins.size === 0) return;
    // Without it, a cache could give one origin the answer for another one.
    void reply.header("vary", "Origin");
    if (!this.#allows(headers.origin)) return;
    void reply.headers({ "access-control-allow-origin": headers.origin, "access-control-expose-headers": READABLE });
  }

  /**
   * Answers `OPTIONS`, the preflight that a browser sends without the API key before a script's own request. Without allowed
   * origins, the method does not exist.
   */
  addPreflight(app: FastifyInstance, url: string): void {
    if (this.#origins.size === 0) return;
    app.options(url, (request, reply) => this.#answerPreflight(request, reply));
  }

  #answerPreflight(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { origin, ...asked } = request.headers;
    void reply.header("vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Private-Network");
    if (!this.#allows(origin)) {
      const problem = origin === undefined ? `Use ${METHODS.replace(",", " or")}.` : NOT_ALLOWED;
      return replyWithError(reply.header("allow", METHODS), refusedRequest(405, { method: problem }));
    }
    const headers = asked["access-control-request-headers"];
    return reply
      .code(204)
      .headers({
        "access-control-allow-origin": origin,
        "access-control-allow-methods": METHODS,
        // crmesh ignores headers that it does not know. So it need not keep up with what an explorer sends.
        ...(headers === undefined ? {} : { "access-control-allow-headers": headers }),
        // Chrome's earlier protection of addresses in a private network. Now Chrome asks the user instead.
        ...(asked["access-control-request-private-network"] === "true"
          ? { "access-control-allow-private-network": "true" }
          : {}),
        "access-control-max-age": PREFLIGHT_MAX_AGE_S,
      })
      .send();
  }

  #allows(origin: string | undefined): boolean {
    return origin !== undefined && this.#origins.has(origin);
  }
}

const NOT_ALLOWED =
  "Pages of this origin may not use crmesh. The operator of crmesh can allow an origin with CRMESH_CORS_ORIGINS.";
