import http from "node:http";
import type { AddressInfo } from "node:net";
import type { Sandbox } from "../../src/sandbox/public.js";

export interface GatedRequest {
  method: string;
  /** Path and query, as sent. */
  url: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** A request that is not let through yet. */
export interface HeldRequest extends GatedRequest {
  /** Settles when its sender has given it up. */
  closed: Promise<void>;
}

type Matcher = (request: GatedRequest) => boolean;

/** A proxy in front of one sandbox CRM that lets requests through when it is told to. */
export class Gate {
  readonly origin: string;
  /** Every request so far, in the order in which they came. */
  readonly requests: readonly GatedRequest[];
  readonly #keeper: Keeper;
  readonly #close: () => Promise<void>;

  private constructor(origin: string, keeper: Keeper, close: () => Promise<void>) {
    this.origin = origin;
    this.requests = keeper.requests;
    this.#keeper = keeper;
    this.#close = close;
  }

  static async open(target: string): Promise<Gate> {
    const keeper = new Keeper();
    const server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks);
        const { method = "GET", url = "/", headers } = request;
        const closed = new Promise<void>((resolve) => response.once("close", resolve));
        keeper.take({ method, url, headers, body: body.toString(), closed }, () => {
          const upstream = http.request(`${target}${url}`, { method, headers }, (answer) => {
            response.writeHead(answer.statusCode!, answer.headers);
            answer.pipe(response);
          });
          upstream.on("error", () => response.destroy());
          upstream.end(body);
        });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new Gate(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, keeper, async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
  }

  /** Holds requests from now on; resolves to the first that is held. */
  hold(matches: Matcher = () => true): Promise<HeldRequest> {
    return this.#keeper.hold(matches);
  }

  /** Lets everything through that is held, and whatever comes. */
  release(): void {
    this.#keeper.release();
  }

  async close(): Promise<void> {
    this.release();
    await this.#close();
  }
}

class Keeper {
  readonly requests: GatedRequest[] = [];
  #matches: Matcher = () => false;
  #held: (() => void)[] = [];
  #onHeld: ((request: HeldRequest) => void) | null = null;

  take(request: HeldRequest, pass: () => void): void {
    const { method, url, headers, body } = request;
    this.requests.push({ method, url, headers, body });
    if (!this.#matches(request)) return pass();
    this.#held.push(pass);
    this.#onHeld?.(request);
  }

  hold(matches: Matcher): Promise<HeldRequest> {
    this.#matches = matches;
    return new Promise((resolve) => (this.#onHeld = resolve));
  }

  release(): void {
    this.#matches = () => false;
    for (const pass of this.#held.splice(0)) pass();
  }
}

/** A sandbox all of whose CRMs stand behind gates. */
export async function gated(sandbox: Sandbox): Promise<{ sandbox: Sandbox; gates: ReadonlyMap<string, Gate> }> {
  const gates = new Map<string, Gate>();
  for (const [slug, origin] of sandbox.origins) gates.set(slug, await Gate.open(origin));
  return { gates, sandbox: { ...sandbox, origins: new Map([...gates].map(([slug, { origin }]) => [slug, origin])) } };
}
