import type { ApolloServer } from "@apollo/server";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { GraphQLError } from "graphql";
import type { ConnectService } from "../connections/linking/connect-service.js";
import type { ConnectionService } from "../connections/lifecycle/connection-service.js";
import { CrmError } from "../errors/crm-error.js";
import { OperationContext } from "../graphql/operation/context.js";
import type { CursorCodec } from "../graphql/operation/cursor.js";
import { JSON_TYPE } from "../errors/media-type.js";
import type { Logger } from "../observability/logger.js";
import { admit, type Admitted, type AdmissionOptions } from "./admission.js";
import { compressAnswers } from "./compression.js";
import { ANSWER_HEADERS, logFailure, replyWithError } from "./error-reply.js";
import { priceRequest } from "../graphql/price-request.js";
import { toCrmError } from "../graphql/plugins/error-format.js";

export interface GraphQLRouteOptions extends AdmissionOptions {
  apollo: ApolloServer<OperationContext>;
  connections: ConnectionService;
  connect: ConnectService;
  cursors: CursorCodec;
  logger: Logger;
  /** Milliseconds that an operation may take. */
  requestTimeoutMs: number;
  now: () => number;
}

/** `POST /graphql`, `GET /graphql`, `POST /graphql/price`, and Apollo Sandbox for browsers. */
export async function graphqlRoute(app: FastifyInstance, options: GraphQLRouteOptions): Promise<void> {
  const admitted = new WeakMap<FastifyRequest, Admitted>();

  const contextOf = (request: FastifyRequest, reply: FastifyReply, priceOnly: boolean): OperationContext => {
    const { principal, faults, connectionTimeoutMs } = admitted.get(request) ?? refuse();
    const query = request.query as Record<string, string | string[] | undefined>;
    return new OperationContext({
      principal,
      defaultProvider: firstOf(query["provider"]),
      defaultEndUserId: firstOf(request.headers["x-end-user-id"]),
      connections: options.connections,
      connect: options.connect,
      cursors: options.cursors,
      scope: {
        deadline: options.now() + options.requestTimeoutMs,
        signal: goneSignal(reply),
        ...(connectionTimeoutMs === null ? {} : { connectionTimeoutMs }),
        sandboxFaults: faults,
        actor: { kind: "API_KEY", id: principal.keyId },
        requestId: request.id,
        mayReconnect: principal.scopes.has("connections:write"),
      },
      traceCalls: firstOf(request.headers["x-crmesh-trace"]) === "calls",
      showPrice: firstOf(request.headers["x-crmesh-price"]) === "show",
      priceOnly,
      onCall: (call) => options.logger.debug({ requestId: request.id, call }, "Upstream call"),
    });
  };

  const handler = fastifyApolloHandler(options.apollo, {
    context: async (request, reply) => contextOf(request, reply, false),
  });

  /** Runs before the body is read, so that the server reads no body of a caller without a key. */
  async function admitFirst(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    try {
      admitted.set(request, await admit(request, reply, options));
      return undefined;
    } catch (error) {
      const failure = toCrmError(error);
      logFailure(options.logger, failure, request.id);
      return replyWithError(reply, failure);
    }
  }

  await compressAnswers(app);
  app.route({
    method: ["GET", "POST"],
    url: "/graphql",
    exposeHeadRoute: false,
    // A browser that opens Apollo Sandbox sends no key. That page contains no data.
    onRequest: async (request, reply) => (asksForPage(request) ? undefined : admitFirst(request, reply)),
    handler,
    onSend: async (request, reply, payload) => {
      void reply.headers(ANSWER_HEADERS);
      // Apollo refuses some requests before it has a context, which knows the request id.
      return reply.statusCode >= 400 && typeof payload === "string" ? withRequestId(payload, request.id) : payload;
    },
  });
  app.post("/graphql/price", { onRequest: admitFirst }, async (request, reply) => {
    const answer = await priceRequest(options.apollo, request.body, contextOf(request, reply, true));
    return reply.code(answer.status).headers(ANSWER_HEADERS).type(JSON_TYPE).send(JSON.stringify(answer.body));
  });
}

function asksForPage({ method, headers }: FastifyRequest): boolean {
  return method === "GET" && headers.authorization === undefined && String(headers.accept).includes("text/html");
}

/** Refuses a request without a key that asked for the page in `onRequest`, but turned out to ask for data. */
function refuse(): never {
  const error = new CrmError("INVALID_API_KEY");
  throw new GraphQLError(error.message, {
    originalError: error,
    extensions: { http: { status: error.status } },
  });
}

/** Returns a signal that aborts when the caller hangs up before the answer is sent. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableEnded) gone.abort();
  });
  return gone.signal;
}

function firstOf(value: string | string[] | undefined): string | null {
  const first = Array.isArray(value) ? value[0] : value;
  return first?.trim() || null;
}

function withRequestId(payload: string, requestId: string): string {
  if (!payload.startsWith('{"errors"') || payload.includes('"requestId"')) return payload;
  const body = JSON.parse(payload) as { errors: { extensions?: object }[] };
  for (const error of body.errors) error.extensions = { ...error.extensions, requestId };
  return JSON.stringify(body);
}
