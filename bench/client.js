import http from "node:http";

/** Speaks GraphQL with as little work as possible, so that the servers are what is measured. */
export class Client {
  #agent;
  #url;
  #headers;

  /** @param options.keepAlive false: each request has a connection of its own */
  constructor(url, headers = {}, { keepAlive = true } = {}) {
    this.#agent = new http.Agent({ keepAlive });
    this.#url = new URL(url);
    this.#headers = { "content-type": "application/json", ...headers };
  }

  /** The answer's text, unparsed. */
  async post(body, headers = {}) {
    return (await this.postForBytes(body, headers)).toString();
  }

  /** The body of the answer as it came: compressed, if the headers accept that. */
  postForBytes(body, headers = {}) {
    return new Promise((resolve, reject) => {
      const request = http.request(
        this.#url,
        {
          method: "POST",
          agent: this.#agent,
          headers: { ...this.#headers, ...headers, "content-length": Buffer.byteLength(body) },
        },
        (response) => {
          const chunks = [];
          response.on("data", (chunk) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            const bytes = Buffer.concat(chunks);
            if (response.statusCode === 200) resolve(bytes);
            else
              reject(new Error(`${this.#url.href} answered ${response.statusCode}: ${bytes.toString("utf8", 0, 500)}`));
          });
        },
      );
      request.on("error", reject);
      request.end(body);
    });
  }

  /** @throws Error when the answer holds any error: a benchmark of failures would mean nothing */
  async ask(operation, headers = {}) {
    const answer = JSON.parse(await this.post(JSON.stringify(operation), headers));
    if (answer.errors) throw new Error(`The answer has errors: ${JSON.stringify(answer.errors[0])}`);
    return answer;
  }

  close() {
    this.#agent.destroy();
  }
}
