import { STATUS_CODES, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { refusedRequest } from "../errors/crm-error.js";
import { errorBody } from "../errors/format.js";
import { answerTypeFor, JSON_TYPE } from "../errors/media-type.js";
import type { Logger } from "../observability/logger.js";
import { ANSWER_HEADERS } from "./error-reply.js";
import type { RequestIds } from "./request-id.js";
import type { Sockets } from "./sockets.js";

/** Error code of Node's HTTP server → the answer. For every other code it is `NOT_HTTP`. */
const REFUSALS: Record<string, { status: number; problem: string }> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, problem: "The request was not received completely in time. Send it again." },
  HPE_HEADER_OVERFLOW: { status: 431, problem: "The request headers are too large. Send fewer or shorter headers." },
};
const NOT_HTTP = { status: 400, problem: "This is not a valid HTTP request." };

/**
 * Answers what Node's HTTP server refuses before Fastify sees a request: half-sent requests whose time is over, headers
 * that are too large, and bytes that are not HTTP. Then it closes the connection.
 */
export function clientErrorHandler({ sockets, ids, logger }: { sockets: Sockets; ids: RequestIds; logger: Logger }) {
  return ({ code = "" }: { code?: string }, socket: Socket): void => {
    // While another answer is being sent, a caller would read this one as a part of it, or as the answer to a later request.
    if (code === "ECONNRESET" || !socket.writable || sockets.isAnswering(socket)) {
      socket.destroy();
      return;
    }
    const { status, problem } = REFUSALS[code] ?? NOT_HTTP;
    const request = sockets.halfSentOn(socket);
    const requestId = ids.of(request);
    logger.info({ requestId, status, reason: code, codes: ["INVALID_INPUT"] }, "Request refused");
    socket.write(rawAnswer(status, refusal(status, problem, { request, requestId })));
    socket.destroySoon();
  };
}

/** Answers an `Expect` header other than `100-continue`. Node's own refusal would have no body. */
export function expectationRefusal({ ids, logger }: { ids: RequestIds; logger: Logger }) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const requestId = ids.of(request);
    logger.info({ requestId, status: 417, codes: ["INVALID_INPUT"] }, "Request refused");
    const problem = "Only `Expect: 100-continue` is supported. Omit this `Expect` header.";
    const { headers, body } = refusal(417, problem, { request, requestId });
    response.writeHead(417, headers).end(body);
  };
}

interface Refusal {
  headers: Record<string, string | number>;
  body: string;
}

function refusal(
  status: number,
  problem: string,
  { request, requestId }: { request: IncomingMessage | null; requestId: string },
): Refusal {
  const body = JSON.stringify({ errors: [errorBody(refusedRequest(status, { request: problem }), { requestId })] });
  const headers = {
    "content-type": answerTypeFor(request?.headers.accept) ?? JSON_TYPE,
    "content-length": Buffer.byteLength(body),
    "x-request-id": requestId,
    ...ANSWER_HEADERS,
    connection: "close",
  };
  return { headers, body };
}

function rawAnswer(status: number, { headers, body }: Refusal): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, "", body].join("\r\n");
}
