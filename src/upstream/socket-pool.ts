import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

// `addRequest` is the method through which Node's HTTP client asks an agent for a socket. Its types lack it.
declare module "node:http" {
  interface Agent {
    addRequest(request: http.ClientRequest, options: http.ClientRequestArgs): void;
  }
}

/** Milliseconds since its last answer, after which a socket does not carry a write: the CRM may be closing it. */
const FRESH_MS = 1_000;
/** Milliseconds after which an idle socket is closed, if the CRM does not say how long it keeps it. Many servers keep 5 s. */
const IDLE_MS = 4_000;
/** Milliseconds before the end of the time that the CRM states, for answers and requests that are on the way. */
const MARGIN_MS = 1_000;

/** Returns the milliseconds of `Keep-Alive: timeout=…` (seconds), if the answer states them. */
function statedMs(socket: Duplex): number | undefined {
  const { res } = (socket as { _httpMessage?: { res?: http.IncomingMessage } })._httpMessage ?? {};
  const seconds = /(?:^|[\s,])timeout=(\d{1,6})/.exec(String(res?.headers["keep-alive"] ?? ""))?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

/** The sockets of one protocol and trust level, and how long ago each one answered. */
class Idle {
  readonly #answeredAt = new WeakMap<Duplex, number>();

  /** @returns false if the socket must not be kept */
  keep(socket: Duplex): boolean {
    const idleMs = Math.min(IDLE_MS, (statedMs(socket) ?? Infinity) - MARGIN_MS);
    if (idleMs <= 0) return false;
    this.#answeredAt.set(socket, performance.now());
    // The agent closes a free socket at its time-out.
    (socket as Socket).setTimeout(idleMs);
    return true;
  }

  /** Closes the free sockets of an origin unless one of them, which the agent will then take, answered a moment ago. */
  dropStale(free: readonly Duplex[] | undefined): void {
    if (!free || this.#isFresh(free.at(-1))) return;
    for (const socket of [...free]) socket.destroy();
  }

  #isFresh(socket: Duplex | undefined): boolean {
    const answeredAt = socket && this.#answeredAt.get(socket);
    return answeredAt !== undefined && performance.now() - answeredAt < FRESH_MS && !socket!.destroyed;
  }
}

/** The agents that got uses, by protocol. */
export interface Agents {
  http: http.Agent;
  https: https.Agent;
}

const OPTIONS = { keepAlive: true, scheduling: "lifo", maxFreeSockets: 64 } as const;

/**
 * Keep-alive sockets to CRMs. Idle sockets are closed before the CRM closes them, so that few requests meet a closing socket.
 * A read that meets one is repeated. A write cannot be repeated, so it gets a socket that answered a moment ago, or a new one.
 */
export class SocketPool {
  readonly forReads: Agents = { http: new http.Agent(OPTIONS), https: new https.Agent(OPTIONS) };
  readonly forWrites: Agents;

  constructor() {
    this.forWrites = { http: forWrites(this.forReads.http), https: forWrites(this.forReads.https) };
  }

  close(): void {
    this.forReads.http.destroy();
    this.forReads.https.destroy();
  }
}

/**
 * Makes an agent close its idle sockets in time.
 * @returns the same agent, with the same sockets, for writes: it first closes the stale sockets of the origin
 */
function forWrites<Agent extends http.Agent>(agent: Agent): Agent {
  const idle = new Idle();
  const keep: (socket: Duplex) => unknown = agent.keepSocketAlive.bind(agent);
  agent.keepSocketAlive = (socket: Duplex): boolean => keep(socket) !== false && idle.keep(socket);
  const reuse = agent.reuseSocket.bind(agent);
  agent.reuseSocket = (socket, request) => {
    (socket as Socket).setTimeout(0);
    reuse(socket, request);
  };
  return Object.create(agent, {
    addRequest: {
      value: (request: http.ClientRequest, options: http.ClientRequestArgs) => {
        idle.dropStale(agent.freeSockets[agent.getName(options)]);
        agent.addRequest(request, options);
      },
    },
  }) as Agent;
}
