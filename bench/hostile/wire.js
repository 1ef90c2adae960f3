import http from "node:http";
import net from "node:net";
import { clearTimeout, setTimeout } from "node:timers";
import { answerOf, readResponses } from "./responses.js";

/** Sends cases to one server. What comes back is { answers, cut }: `cut` says why there is no (further) answer. */
export class Wire {
  #agent = new http.Agent({ keepAlive: true });
  #origin;
  #timeoutMs;

  /** @param timeoutMs after which a request counts as never answered */
  constructor(url, { timeoutMs }) {
    this.#origin = new URL(url);
    this.#timeoutMs = timeoutMs;
  }

  /** @param tag stands in X-Request-Id, unless the case sends one, so that the log's lines can be told apart */
  send(hostile, tag) {
    return hostile.raw ? this.#sendBytes(hostile.raw) : this.#sendRequest(hostile, tag);
  }

  close() {
    this.#agent.destroy();
  }

  #sendRequest({ request: { method, path, headers, body }, hangUpMs }, tag) {
    return new Promise((resolve) => {
      const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
      const request = http.request({
        hostname: this.#origin.hostname,
        port: this.#origin.port,
        agent: this.#agent,
        method,
        path,
        headers: { "x-request-id": tag, ...headers, ...length },
      });
      const late = setTimeout(() => {
        resolve({ answers: [], cut: "no answer in time" });
        request.destroy();
      }, this.#timeoutMs);
      const done = (outcome) => {
        clearTimeout(late);
        resolve(outcome);
      };
      request.on("error", (error) => done({ answers: [], cut: String(error.code ?? error.message) }));
      request.on("response", (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("error", (error) => done({ answers: [], cut: String(error.code ?? error.message) }));
        response.on("end", () => {
          done({ answers: [answerOf(response.statusCode, response.headers, Buffer.concat(chunks))] });
        });
      });
      request.end(body);
      if (hangUpMs !== undefined) request.on("finish", () => setTimeout(() => request.destroy(), hangUpMs));
    });
  }

  #sendBytes({ chunks, then, count }) {
    return new Promise((resolve) => {
      const received = [];
      let cut = "ended";
      const answers = () => readResponses(Buffer.concat(received));
      const socket = net.connect(Number(this.#origin.port), this.#origin.hostname, () => {
        for (const chunk of chunks) socket.write(chunk);
        if (then === "end") socket.end();
        // All bytes are handed over first, as the server is to see them.
        if (then === "destroy") socket.write("", () => socket.destroy());
      });
      socket.setNoDelay(true);
      const late = setTimeout(() => {
        cut = "no answer in time";
        socket.destroy();
      }, this.#timeoutMs);
      socket.on("data", (chunk) => {
        received.push(chunk);
        if (then === "answers" && answers().length >= count) socket.destroy();
      });
      socket.on("error", (error) => (cut = String(error.code ?? error.message)));
      socket.on("close", () => {
        clearTimeout(late);
        resolve({ answers: then === "destroy" ? [] : answers(), cut });
      });
    });
  }
}
