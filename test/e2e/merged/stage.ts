import { providers } from "../../../src/providers/index.js";
import type { ResourceName } from "../../../src/providers/contract/model.js";
import { MovedClock } from "../../support/moved-clock.js";
import {
  Ground,
  type AnsweredError,
  type Call,
  type QueryOptions,
  type TestServer,
} from "../../support/test-server.js";

export interface Node {
  id: string;
  providerSlug: string;
  createdAt: string | null;
  updatedAt: string | null;
  startAt?: string | null;
}

export interface Named {
  id: string;
  provider: { slug: string };
}

export interface MergedPage {
  edges: { cursor: string; late: boolean; node: Node }[];
  nodes: { id: string }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  completeness: {
    isComplete: boolean;
    missing: { connection: Named; code: string; message: string; retryAfter: number | null }[];
    unsupported: { connection: Named; reason: string }[];
  };
}

export interface PageAnswer {
  status: number;
  page: MergedPage | null;
  errors: AnsweredError[];
  /** First attempts. */
  calls: Call[];
  price: { calls: number; connections: { provider: string; connectionId: string; calls: number }[] };
}

export interface Asked {
  first?: number;
  after?: string | null;
  /** In the language of queries. */
  args?: string;
  fields?: string;
  faults?: Readonly<Record<string, string>>;
  endUserId?: string;
  key?: string;
}

export const plural = (resource: ResourceName) => `${resource}s`;

/** The ten sandbox CRMs at a time that tests set, and a crmesh whose pauses end at once. */
export class MergedStage {
  readonly ground: Ground;
  readonly server: TestServer;
  readonly #time: { now: number };

  private constructor(ground: Ground, server: TestServer, time: { now: number }) {
    this.ground = ground;
    this.server = server;
    this.#time = time;
  }

  static async open(indexLagMs = 0): Promise<MergedStage> {
    const time = { now: Date.now() };
    const ground = await Ground.open({ now: () => time.now, indexLagMs });
    return new MergedStage(ground, await ground.serve({ clock: new MovedClock() }), time);
  }

  pass(ms: number): void {
    this.#time.now += ms;
  }

  /** Runs something at another time of the CRMs. */
  async at<Result>(ms: number, run: () => Promise<Result>): Promise<Result> {
    const { now } = this.#time;
    this.#time.now = ms;
    try {
      return await run();
    } finally {
      this.#time.now = now;
    }
  }

  async page(resource: ResourceName, asked: Asked = {}, at = this.server): Promise<PageAnswer> {
    const { first = 50, after = null, args = "", fields = "", faults = {}, endUserId = "all", key } = asked;
    const isMeeting = resource === "meeting";
    const document = `query ($first: Int, $after: String) { endUser { page: ${plural(resource)}(first: $first, after: $after${args}) {
      edges { cursor late node { id providerSlug createdAt updatedAt ${isMeeting ? "startAt" : ""} ${fields} } }
      nodes { id }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      completeness { isComplete
        missing { connection { id provider { slug } } code message retryAfter }
        unsupported { connection { id provider { slug } } reason } } } } }`;
    const header = Object.entries(faults).map(([slug, fault]) => `${slug}=${fault}`);
    const { status, body } = await at.query<{ endUser: { page: MergedPage | null } | null }>(document, {
      endUserId,
      ...(key !== undefined && { key }),
      variables: { first, after },
      headers: {
        "x-crmesh-trace": "calls",
        "x-crmesh-price": "show",
        ...(header.length > 0 && { "x-sandbox-fault": header.join(", ") }),
      },
    });
    const { calls = [], price } = (body.extensions ?? {}) as { calls?: Call[]; price?: PageAnswer["price"] };
    return {
      status,
      page: body.data?.endUser?.page ?? null,
      errors: body.errors ?? [],
      calls: calls.filter(({ attempt }) => attempt === 1),
      price: price ?? { calls: 0, connections: [] },
    };
  }

  /** The ids of all records of a resource at all CRMs, read from each CRM by itself. */
  async union(resource: ResourceName, options: QueryOptions = {}): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const { slug, resources } of providers.all) {
      if (!resources[resource]) continue;
      let after: string | null = null;
      do {
        const document = `query ($after: String) { page: ${plural(resource)}(first: 100, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }`;
        const { page }: { page: Pick<MergedPage, "nodes" | "pageInfo"> } = await this.server.data(document, {
          endUserId: "all",
          ...options,
          provider: slug,
          variables: { after },
        });
        for (const { id } of page.nodes) found.set(id, slug);
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
      } while (after !== null);
    }
    return found;
  }

  close(): Promise<void> {
    return this.ground.close();
  }
}
