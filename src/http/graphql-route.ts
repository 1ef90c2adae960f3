import type { ApolloServer } from "@apollo/server";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { MonotonicClock } from "../connections/calls/operation.js";
import type { ConnectService } from "../connections/linking/connect-service.js";
import type { ConnectionService } from "../connections/lifecycle/connection-service.js";
import { OperationContext } from "../graphql/operation/context.js";
import type { CursorCodec } from "../graphql/operation/cursor.js";
import { JSON_TYPE, prefersPage } from "../errors/media-type.js";
import { callHooks } from "../observability/call-hooks.js";
import type { Logger } from "../observability/logger.js";
import type { Telemetry } from "../observability/telemetry/telemetry.js";
import { SUBGRAPH_FORM, type AnswerForm, DIRECT_FORM } from "../errors/answer-form.js";
import { admit, type Admitted, type AdmissionOptions } from "./admission.js";
import { compressAnswers } from "./compression.js";
import { Cors } from "./cors.js";
import { ANSWER_HEADERS, logFailure, replyWithError } from "./error-reply.js";
import { traceOperation } from "./request-tracing.js";
import type { Tracing } from "../observability/telemetry/tracing.js";
import { priceRequest } from "../graphql/price-request.js";
import { toCrmError } from "../graphql/plugins/error-format.js";

export interface GraphQLRouteOptions extends AdmissionOptions {
  /** Answers `/graphql`. */
  apollo: ApolloServer<OperationContext>;
  /** Answers `/subgraph`. */
  subgraph: ApolloServer<OperationContext>;
  connections: ConnectionService;
  connect: ConnectService;
  cursors: CursorCodec;
  logger: Logger;
  /** Sends the page that a browser gets at `/graphql`. Null if there is none. */
  sendPage: ((reply: FastifyReply) => Promise<FastifyReply>) | null;
  /** Origins whose pages may use `/graphql`. */
  corsOrigins: readonly string[];
  /** Milliseconds that an operation may take. */
  requestTimeoutMs: number;
  clock: MonotonicClock;
  telemetry: Telemetry;
}

/**
 * `POST /graphql`, `GET /graphql`, `POST /graphql/price`, and the explorer for browsers at `/graphql`; and `POST /subgraph` for
 * federation gateways.
 */
export async function graphqlRoutes(app: FastifyInstance, options: GraphQLRouteOptions): Promise<void> {
  await compressAnswers(app);
  const { apollo, subgraph, sendPage } = options;
  const { tracing } = options.telemetry;
  const direct = new Endpoint(options, DIRECT_FORM);
  const cors = new Cors(options.corsOrigins);
  cors.addPreflight(app, "/graphql");
  graphqlRoute(app, apollo, direct, tracing, { url: "/graphql", method: ["GET", "POST"], cors, sendPage });
  const forGateways = { url: "/subgraph", method: ["POST" as const], cors: new Cors([]), sendPage: null };
  graphqlRoute(app, subgraph, new Endpoint(options, SUBGRAPH_FORM), tracing, forGateways);
  app.post("/graphql/price", { onRequest: direct.admit }, async (request, reply) => {
    const answer = await priceRequest(apollo, request.body, direct.contextOf(request, reply, { priceOnly: true }));
    return reply.code(answer.status).headers(ANSWER_HEADERS).type(JSON_TYPE).send(JSON.stringify(answer.body));
  });
}

/** One URL for GraphQL: it checks the callers, and makes the context of their operations. */
class Endpoint {
  readonly form: AnswerForm;
  readonly #options: GraphQLRouteOptions;
  readonly #admitted = new WeakMap<FastifyRequest, Admitted>();

  constructor(options: GraphQLRouteOptions, form: AnswerForm) {
    this.#options = options;
    this.form = form;
  }

  /** Runs before the body is read, so that the server reads no body of a caller without a key. */
  readonly admit = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    try {
      const admitted = await admit(request, reply, this.#options, this.form);
      this.#admitted.set(request, admitted);
      const { workspaceId, environment, keyId } = admitted.principal;
      request.record.caller = { workspaceId, environment, keyId };
      return undefined;
    } catch (error) {
      const failure = toCrmError(error);
      logFailure(this.#options.logger, failure, request.record.ids);
      return replyWithError(reply, failure);
    }
  };

  contextOf(request: FastifyRequest, reply: FastifyReply, { priceOnly }: { priceOnly: boolean }): OperationContext {
    const options = this.#options;
    const { principal, faults, connectionTimeoutMs } = this.#admitted.get(request)!;
    const query = request.query as Record<string, string | string[] | undefined>;
    const { onCall, onFailure } = callHooks(request.record, options.logger);
    return new OperationContext({
      principal,
      record: request.record,
      defaultProvider: firstOf(query["provider"]),
      defaultEndUserId: firstOf(request.headers["x-end-user-id"]),
      connections: options.connections,
      connect: options.connect,
      cursors: options.cursors,
      scope: {
        deadline: options.clock.monotonic() + options.requestTimeoutMs,
        signal: goneSignal(reply),
        ...(connectionTimeoutMs === null ? {} : { connectionTimeoutMs }),
        sandboxFaults: faults,
        actor: { kind: "API_KEY", id: principal.keyId },
        requestId: request.id,
        mayReconnect: principal.scopes.has("connections:write"),
        onFailure,
      },
      traceCalls: firstOf(request.headers["x-crmesh-trace"]) === "calls",
      showPrice: firstOf(request.headers["x-crmesh-price"]) === "show",
      priceOnly,
      onCall,
    });
  }
}

interface GraphQLPath {
  url: string;
  method: ("GET" | "POST")[];
  cors: Cors;
  sendPage: GraphQLRouteOptions["sendPage"];
}

function graphqlRoute(
  app: FastifyInstance,
  apollo: ApolloServer<OperationContext>,
  endpoint: Endpoint,
  tracing: Tracing | null,
  { cors, sendPage, ...path }: GraphQLPath,
): void {
  const handler = fastifyApolloHandler(apollo, {
    context: async (request, reply) => endpoint.contextOf(request, reply, { priceOnly: false }),
  });
  app.route({
    ...path,
    config: { answerForm: endpoint.form },
    exposeHeadRoute: false,
    onRequest: async (request, reply) => {
      cors.allow(request, reply);
      // A browser that opens the URL sends no key. The page contains no data.
      return sendPage && asksForPage(request) ? sendPage(reply) : endpoint.admit(request, reply);
    },
    handler: tracing
      ? (request, reply) => traceOperation(tracing, request.record, async () => handler.call(app, request, reply))
      : handler,
    onSend: async (request, reply, payload) => {
      void reply.headers(ANSWER_HEADERS);
      // Apollo refuses some requests before it has a context, which knows the request id.
      return reply.statusCode >= 400 && typeof payload === "string" ? withRequestIds(payload, request) : payload;
    },
  });
}

function asksForPage({ method, headers }: FastifyRequest): boolean {
  return method === "GET" && headers.authorization === undefined && prefersPage(headers.accept);
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

function withRequestIds(payload: string, { record }: FastifyRequest): string {
  if (!payload.startsWith('{"errors"') || payload.includes('"requestId"')) return payload;
  const { errors, ...body } = JSON.parse(payload) as { errors: { extensions?: { code?: string } }[] };
  record.noteErrors(errors.map(({ extensions }) => String(extensions?.code)));
  const named = errors.map((error) => ({ ...error, extensions: { ...error.extensions, ...record.ids } }));
  return JSON.stringify({ errors: named, ...body });
}
