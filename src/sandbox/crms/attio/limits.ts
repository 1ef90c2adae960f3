import type { FastifyRequest } from "fastify";
import type { SandboxCrmOptions, WireAnswer } from "../../kit/crm.js";
import { RequestWindow } from "../../kit/request-window.js";
import { rateLimited } from "./errors.js";
import type { Workspace } from "./workspace.js";

const SECOND = 1000;
const READS = 100;
const WRITES = 25;

/** How many requests a workspace may make in a second. Attio says nothing of what is left. */
export class RequestLimits {
  readonly #options: Pick<SandboxCrmOptions, "limits" | "now">;
  readonly #windows = new WeakMap<Workspace, { reads: RequestWindow; writes: RequestWindow }>();

  constructor(options: Pick<SandboxCrmOptions, "limits" | "now">) {
    this.#options = options;
  }

  /** The refusal of a request that is one too many; null for one that is not. */
  take(workspace: Workspace, request: FastifyRequest): WireAnswer | null {
    const { limits, now } = this.#options;
    if (limits === "report") return null;
    const window = this.#windowsOf(workspace)[isRead(request) ? "reads" : "writes"];
    return window.take(now()) ? null : rateLimited(now(), Math.max(1, window.resetsIn(now())));
  }

  #windowsOf(workspace: Workspace) {
    let windows = this.#windows.get(workspace);
    if (!windows) {
      windows = { reads: new RequestWindow(READS, SECOND), writes: new RequestWindow(WRITES, SECOND) };
      this.#windows.set(workspace, windows);
    }
    return windows;
  }
}

/** Queries and searches are POSTs that read. */
function isRead({ method, url }: FastifyRequest): boolean {
  return method === "GET" || /\/(?:query|search)(?:\?|$)/.test(url);
}
