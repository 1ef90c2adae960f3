import { Kind, parse, type GraphQLSchema, type OperationDefinitionNode } from "graphql";
import type { Provider } from "../../providers/contract/contract.js";
import type { ResourceName } from "../../providers/contract/model.js";
import { analyse, type OperationAnalysis } from "../operation/analysis.js";
import { fieldSetsFor } from "../operation/field-sets.js";
import { DEFAULT_PAGE_SIZE } from "../operation/page-size.js";
import { ConnectionPricer } from "../operation/price/connection-pricer.js";
import { adapterOf } from "../operation/price/costs.js";
import { listTally, writeTally, type PricedWork, type WriteKind } from "../operation/price/priced-work.js";
import { addLoad, newTally } from "../operation/price/tally.js";

const FIRST_PAGE = { continues: false, given: 0 };

/** The upstream calls of small operations, as the price counts them, at the CRM in the middle of those that have the resource. */
export class CallsAtProviders {
  readonly #schema: GraphQLSchema;
  readonly #providers: readonly Provider[];
  readonly #analyses = new Map<string, OperationAnalysis>();

  constructor(schema: GraphQLSchema, providers: readonly Provider[]) {
    this.#schema = schema;
    this.#providers = providers;
  }

  /**
   * The calls of a page of 25 records.
   * @param without a part of the selection whose calls do not count
   */
  page(resource: ResourceName, selection: string, without?: string): number {
    const document = (selected: string) => `{ ${resource}s(first: ${DEFAULT_PAGE_SIZE}) { nodes { ${selected} } } }`;
    const callsOf = (provider: Provider, selected: string) =>
      listTally(this.#work(provider, resource, document(selected)), FIRST_PAGE).calls;
    return this.#middle(resource, (provider) =>
      without === undefined ? callsOf(provider, selection) : callsOf(provider, selection) - callsOf(provider, without),
    );
  }

  /** The calls of one record by its id. */
  record(resource: ResourceName): number {
    return this.#middle(resource, (provider) => {
      const { select, field } = this.#work(provider, resource, `{ ${resource}(id: "") { id } }`);
      const pricer = new ConnectionPricer(provider, select);
      pricer.load([{ resource, count: 1, fields: field.below, path: field.path }], 1);
      return pricer.tally.calls;
    });
  }

  /** The calls of a write without inputs that need calls of their own, such as linked records. */
  write(kind: WriteKind, resource: ResourceName): number {
    const name = `${kind}${resource[0]!.toUpperCase()}${resource.slice(1)}`;
    return this.#middle(
      resource,
      (provider) => writeTally(kind, this.#work(provider, resource, `mutation { ${name}(id: "") { id } }`)).calls,
    );
  }

  /** The calls of one round that looks contacts up by this number of addresses. */
  lookups(addresses: number): number {
    const { shape } = this.#analysisOf(`{ endUser { person(email: "") { id } } }`);
    return this.#middle("contact", (provider) => {
      const [adapter, select] = [adapterOf(provider, "contact"), fieldSetsFor(provider, shape).contact];
      if (!adapter?.byEmails || !adapter.cost.byEmails) return 0;
      const tally = newTally();
      const cost = (count: number) => adapter.cost.byEmails!(count, select);
      addLoad(tally, { count: addresses, moments: 1, batchSize: adapter.byEmails.batchSize, cost, path: "" });
      return tally.calls;
    });
  }

  /** The calls that check a credential. */
  verify(): number {
    return median(this.#providers.map(({ cost }) => cost.verify ?? 1));
  }

  #work(provider: Provider, resource: ResourceName, text: string): PricedWork {
    const { plan, shape } = this.#analysisOf(text);
    const select = fieldSetsFor(provider, shape);
    return { connection: { provider, id: null, endUserId: null }, select, resource, field: plan[0]!, args: {} };
  }

  #analysisOf(text: string): OperationAnalysis {
    let analysis = this.#analyses.get(text);
    if (!analysis) {
      const document = parse(text, { noLocation: true });
      const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
      analysis = analyse(this.#schema, document, operation as OperationDefinitionNode, {});
      this.#analyses.set(text, analysis);
    }
    return analysis;
  }

  #middle(resource: ResourceName, callsAt: (provider: Provider) => number): number {
    return median(this.#providers.filter(({ resources }) => resources[resource]).map(callsAt));
  }
}

/** 0 if there are no numbers. */
function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return ((low ?? 0) + (high ?? 0)) / 2;
}
