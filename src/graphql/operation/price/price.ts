import type { CrmError } from "../../../errors/crm-error.js";
import { CallBudget } from "../../../connections/calls/call-budget.js";
import type { Provider } from "../../../providers/contract/contract.js";
import { addTally, newTally, type Tally } from "./tally.js";

/** The most upstream calls of an operation at one connection. */
export interface ConnectionPrice {
  provider: string;
  /** Null for a connection that the operation creates. */
  connectionId: string | null;
  calls: number;
}

/** What an operation costs at most, as callers see it. */
export interface PriceValue {
  calls: number;
  records: number;
  connections: ConnectionPrice[];
}

interface Entry {
  provider: Provider;
  connectionId: string | null;
  tally: Tally;
}

/** The price of one operation, and the budgets that hold it to the price. */
export class OperationPrice {
  readonly #records: number;
  readonly #entries = new Map<string, Entry>();
  readonly #budgets = new Map<string, CallBudget>();
  readonly #refusedLookups = new Map<string, CrmError>();

  /** @param records the most records that the operation reads */
  constructor(records: number) {
    this.#records = records;
  }

  /** Adds a part of the operation at a connection; null stands for the one that the operation creates. */
  add(provider: Provider, connectionId: string | null, part: Tally): void {
    addTally(this.#entry(provider, connectionId).tally, part);
  }

  /** The most calls at all connections together, if this part is added. */
  callsWith(provider: Provider, connectionId: string, part: Tally): number {
    const known = this.#entries.get(connectionId)?.tally ?? newTally();
    const definitions = new Set([...part.definitions].filter((name) => !known.definitions.has(name)));
    return this.calls + part.calls + definitionCalls(provider, { ...newTally(), definitions });
  }

  /** Leaves the look-ups of people at a connection out of the operation. */
  refuseLookups(connectionId: string, error: CrmError): void {
    this.#refusedLookups.set(connectionId, error);
  }

  /** Why people are not looked up at a connection. */
  lookupRefusal(connectionId: string): CrmError | undefined {
    return this.#refusedLookups.get(connectionId);
  }

  /** The most calls at all connections together. */
  get calls(): number {
    let calls = 0;
    for (const { provider, tally } of this.#entries.values()) calls += tally.calls + definitionCalls(provider, tally);
    return calls;
  }

  get value(): PriceValue {
    const connections = [...this.#entries.values()].map(({ provider, connectionId, tally }) => ({
      provider: provider.slug,
      connectionId,
      calls: tally.calls + definitionCalls(provider, tally),
    }));
    return { calls: this.calls, records: this.#records, connections };
  }

  /**
   * The budget of a connection. One that the operation itself has created was not known to the price: it may use what the
   * price has for its provider.
   */
  budgetOf(provider: Provider, connectionId: string): CallBudget {
    let budget = this.#budgets.get(connectionId);
    if (budget) return budget;
    const known = this.#entries.get(connectionId);
    const tally = known?.tally ?? newTally();
    if (!known) {
      for (const entry of this.#entries.values())
        if (entry.provider.slug === provider.slug) addTally(tally, entry.tally);
    }
    this.#budgets.set(connectionId, (budget = new CallBudget(tally.calls, tally.assumptions)));
    return budget;
  }

  #entry(provider: Provider, connectionId: string | null): Entry {
    const key = connectionId ?? ` ${provider.slug}`;
    let entry = this.#entries.get(key);
    if (!entry) this.#entries.set(key, (entry = { provider, connectionId, tally: newTally() }));
    return entry;
  }
}

function definitionCalls(provider: Provider, { definitions }: Tally): number {
  const cost = provider.cost;
  let calls = 0;
  for (const name of definitions) calls += cost.definitions[name] ?? 1;
  return calls;
}
