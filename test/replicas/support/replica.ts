import type { AnsweredError } from "../../support/test-server.js";
import type { CrmeshProcess } from "../../support/processes.js";

export interface Answer<Data> {
  status: number;
  data: Data | null;
  errors: AnsweredError[];
}

export interface QueryOptions {
  key: string;
  endUserId?: string;
  /** For `?provider=`. */
  provider?: string;
  variables?: Record<string, unknown>;
}

/** A running server as a client on the network meets it. */
export class Replica {
  readonly process: CrmeshProcess;
  readonly origin: string;

  private constructor(process: CrmeshProcess, origin: string) {
    this.process = process;
    this.origin = origin;
  }

  static async of(process: CrmeshProcess): Promise<Replica> {
    return new Replica(process, await process.origin);
  }

  async query<Data>(document: string, options: QueryOptions): Promise<Answer<Data>> {
    const { key, endUserId, provider, variables } = options;
    const response = await this.#fetch(
      `${this.origin}/graphql${provider === undefined ? "" : `?provider=${provider}`}`,
      {
        method: "POST",
        headers: {
          "content-type": "application/json",
          authorization: `Bearer ${key}`,
          ...(endUserId === undefined ? {} : { "x-end-user-id": endUserId }),
        },
        body: JSON.stringify({ query: document, variables }),
      },
    );
    const { data = null, errors = [] } = (await response.json()) as { data?: Data | null; errors?: AnsweredError[] };
    return { status: response.status, data, errors };
  }

  /** The data of an answer that must not hold errors. */
  async data<Data>(document: string, options: QueryOptions): Promise<Data> {
    const { data, errors } = await this.query<Data>(document, options);
    if (errors.length > 0) throw new Error(`The answer has errors: ${JSON.stringify(errors, null, 1)}`);
    return data!;
  }

  /** One page, without following where it leads. */
  open(url: string): Promise<Response> {
    return this.#fetch(this.here(url), { redirect: "manual" });
  }

  /** The same address at this replica, as a proxy before several would lead to it. */
  here(url: string): string {
    const { pathname, search } = new URL(url);
    return `${this.origin}${pathname}${search}`;
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(url, init);
    } catch (error) {
      const { ended, output } = this.process;
      const state = ended ? `has ended (${ended.code ?? ended.signal})` : "runs";
      throw new Error(`No answer from crmesh, which ${state}: ${output.slice(-2_000)}`, { cause: error });
    }
  }
}
