import { STATUS_CODES, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { invalidInput } from "../errors/crm-error.js";
import { errorBody } from "../errors/format.js";
import type { Logger } from "../observability/logger.js";
import type { RequestIds } from "./request-id.js";
import type { Sockets } from "./sockets.js";

/** What Node's HTTP server found wrong → the answer; everything else is `400`. */
const REFUSALS: Record<string, { status: number; problem: string }> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, problem: "The request was not received completely in time. Send it again." },
  HPE_HEADER_OVERFLOW: { status: 431, problem: "The request headers are too large. Send fewer or shorter headers." },
};
const NOT_HTTP = { status: 400, problem: "This is not a valid HTTP request." };

/**
 * Answers what no hook or handler gets to see: half-sent requests whose time is over, and bytes that are not HTTP. The
 * connection is closed.
 */
export function clientErrorHandler({ sockets, ids, logger }: { sockets: Sockets; ids: RequestIds; logger: Logger }) {
  return ({ code = "" }: { code?: string }, socket: Socket): void => {
    // In the middle of an answer, a second one would be read as a part of it, or as the answer to the next request.
    if (code === "ECONNRESET" || !socket.writable || sockets.isAnswering(socket)) {
      socket.destroy();
      return;
    }
    const { status, problem } = REFUSALS[code] ?? NOT_HTTP;
    const requestId = ids.of(sockets.halfSentOn(socket));
    logger.info({ requestId, status, reason: code }, "Request refused");
    socket.write(rawAnswer(status, problem, requestId));
    socket.destroySoon();
  };
}

/** Answers an `Expect` header other than `100-continue`, which Node's server would refuse without a body. */
export function expectationRefusal({ ids, logger }: { ids: RequestIds; logger: Logger }) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const requestId = ids.of(request);
    logger.info({ requestId, status: 417 }, "Request refused");
    const { headers, body } = refusal(
      417,
      "Only `Expect: 100-continue` is supported. Omit this `Expect` header.",
      requestId,
    );
    response.writeHead(417, headers).end(body);
  };
}

function refusal(status: number, problem: string, requestId: string) {
  const { message, extensions } = errorBody(invalidInput({ request: problem }), requestId);
  const body = JSON.stringify({ errors: [{ message, extensions: { ...extensions, http: { status } } }] });
  const headers = {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    "x-request-id": requestId,
    connection: "close",
  };
  return { headers, body };
}

function rawAnswer(status: number, problem: string, requestId: string): string {
  const { headers, body } = refusal(status, problem, requestId);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, "", body].join("\r\n");
}
