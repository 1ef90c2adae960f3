import { providers } from "../../../src/providers/index.js";
import { MovedClock } from "../../support/moved-clock.js";
import {
  Ground,
  type AnsweredError,
  type Call,
  type ServeOptions,
  type TestServer,
} from "../../support/test-server.js";

export interface Price {
  calls: number;
  connections: { provider: string; connectionId: string; calls: number }[];
}

export interface Asked {
  endUserId?: string;
  key?: string;
  variables?: Record<string, unknown>;
  /** Provider slug → fault. */
  faults?: Readonly<Record<string, string>>;
  path?: "/graphql" | "/subgraph";
  provider?: string;
}

export interface Answered<Data> {
  status: number;
  data: Data;
  errors: AnsweredError[];
  /** First attempts. */
  calls: Call[];
  price: Price;
}

export interface ContactRow {
  id: string;
  providerSlug: string;
  fullName: string;
  createdAt: string | null;
  updatedAt: string | null;
  emails: { address: string }[];
}

/** The ten sandbox CRMs, and a crmesh whose pauses end at once. */
export class PeopleStage {
  readonly ground: Ground;
  readonly server: TestServer;

  private constructor(ground: Ground, server: TestServer) {
    this.ground = ground;
    this.server = server;
  }

  static async open(options: ServeOptions = {}): Promise<PeopleStage> {
    const ground = await Ground.open();
    return new PeopleStage(ground, await ground.serve({ clock: new MovedClock(), ...options }));
  }

  /** Asks with the calls and the price of the operation in the answer. */
  async ask<Data>(document: string, asked: Asked = {}, at = this.server): Promise<Answered<Data>> {
    const { endUserId = "all", key, variables, faults = {}, path, provider } = asked;
    const header = Object.entries(faults).map(([slug, fault]) => `${slug}=${fault}`);
    const { status, body } = await at.query<Data>(document, {
      endUserId,
      variables,
      ...(key !== undefined && { key }),
      ...(path !== undefined && { path }),
      ...(provider !== undefined && { provider }),
      headers: {
        "x-crmesh-trace": "calls",
        "x-crmesh-price": "show",
        ...(header.length > 0 && { "x-sandbox-fault": header.join(", ") }),
      },
    });
    const { calls = [], price } = (body.extensions ?? {}) as { calls?: Call[]; price?: Price };
    return {
      status,
      data: body.data as Data,
      errors: body.errors ?? [],
      calls: calls.filter(({ attempt }) => attempt === 1),
      price: price ?? { calls: 0, connections: [] },
    };
  }

  /** Creates a contact. @returns its global id */
  async contact(
    provider: string,
    [firstName, lastName]: readonly [string, string],
    emails: readonly string[],
    endUserId = "all",
    key?: string,
  ): Promise<string> {
    const input = { firstName, lastName, emails: emails.map((address) => ({ address })) };
    const { data, errors } = await this.ask<{ createContact: { id: string } | null }>(
      "mutation ($input: ContactInput!) { createContact(input: $input) { id } }",
      { endUserId, provider, variables: { input }, ...(key !== undefined && { key }) },
    );
    if (!data.createContact) throw new Error(JSON.stringify(errors));
    return data.createContact.id;
  }

  /** All contacts of an end user, read from each CRM by itself. */
  async contacts(endUserId = "all", slugs = providers.all.map(({ slug }) => slug)): Promise<ContactRow[]> {
    const rows: ContactRow[] = [];
    for (const provider of slugs) {
      let after: string | null = null;
      do {
        const { contacts }: Listed = await this.server.data(
          `query ($after: String) { contacts(first: 100, after: $after) {
            nodes { id providerSlug fullName createdAt updatedAt emails { address } } pageInfo { hasNextPage endCursor } } }`,
          { endUserId, provider, variables: { after } },
        );
        rows.push(...contacts.nodes);
        after = contacts.pageInfo.hasNextPage ? contacts.pageInfo.endCursor : null;
      } while (after !== null);
    }
    return rows;
  }

  close(): Promise<void> {
    return this.ground.close();
  }
}

interface Listed {
  contacts: { nodes: ContactRow[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
}

/** The groups of contacts that shared addresses make, each as its sorted ids; without those that join nothing. */
export function groupsOf(rows: readonly ContactRow[], joinsNothing: (address: string) => boolean): string[][] {
  const keys = ({ emails }: ContactRow) =>
    emails.map(({ address }) => address.trim().toLowerCase()).filter((address) => !joinsNothing(address));
  const groupOf = new Map<ContactRow, Set<ContactRow>>(rows.map((row) => [row, new Set([row])]));
  const byAddress = new Map<string, ContactRow>();
  for (const row of rows) {
    for (const address of keys(row)) {
      const other = byAddress.get(address);
      if (!other) byAddress.set(address, row);
      else {
        const joined = new Set([...groupOf.get(other)!, ...groupOf.get(row)!]);
        for (const member of joined) groupOf.set(member, joined);
      }
    }
  }
  return [...new Set(groupOf.values())].map((group) => [...group].map(({ id }) => id).sort());
}

/** No connection gets more calls than its price, which is known before the first one. */
export function overpriced({ calls, price }: Pick<Answered<unknown>, "calls" | "price">): string[] {
  const made = Map.groupBy(calls, ({ connectionId }) => connectionId ?? "");
  return [...made].flatMap(([id, own]) => {
    const most = price.connections.find(({ connectionId }) => connectionId === id)?.calls ?? 0;
    return own.length > most ? [`${own[0]!.provider}: ${own.length} calls, priced ${most}`] : [];
  });
}
