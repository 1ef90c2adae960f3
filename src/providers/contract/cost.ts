import type { WriteMode } from "./field-map.js";
import type { OrderBy, ResourceFilters, ResourceInputs } from "./input.js";
import type { EdgeName, ResourceName } from "./model.js";
import type { Selection } from "./selection.js";

/**
 * An upper bound of the upstream calls of one step, known before its first call. It counts first attempts, not retries and
 * not renewals of credentials.
 */
export interface Cost {
  calls: number;
  /**
   * Names of the definitions (`ProviderContext.memo`) that the step may load. An operation loads each at most once per
   * connection, so they are counted there once; `Provider.cost.definitions` has their numbers of calls.
   */
  definitions?: readonly string[];
  /** What the bound takes for granted, e.g. "at most 5 attendees a meeting". Absent if the bound always holds. */
  assumption?: string;
}

/** A list before its first call. It may go on from a cursor: see `ListCost.continued`. */
export interface PricedList<Resource extends ResourceName = ResourceName> {
  filter: ResourceFilters[Resource];
  orderBy: OrderBy<Resource> | null;
  limit: number;
  select: Selection;
}

/** The cost of one call of `list`. */
export interface ListCost extends Cost {
  /**
   * The most calls of `list` that one page may take, because one brings fewer records than `limit` although there are more:
   * the CRM's pages are smaller, or crmesh removes records that do not match. A page that is still short after them is
   * answered short. 1 by default.
   */
  reads?: number;
  /**
   * The calls of a `list` that goes on from a cursor, if they can be more than `calls`, those of the first page: the place
   * in the list may have to be found again. The second and later `reads` of a page go on from a cursor, too.
   */
  continued?: number;
}

/** The number of people of a meeting that costs take for granted. */
export const PEOPLE_OF_A_MEETING = 5;

/** What the operations of one resource cost at one CRM. */
export interface ResourceCost<Resource extends ResourceName = ResourceName> {
  /**
   * Fields of an owner or an attendee that the record itself always brings, so that no owner and no contact is loaded for
   * them: `owner.name`, `organizer.email`, `attendees.name`. None by default.
   */
  readonly brings?: ReadonlySet<string>;
  /** One call of `list`, which brings at most `limit` records. Must not throw, also for a filter that the CRM lacks. */
  list(query: PricedList<Resource>): ListCost;
  /** One call of `get` for this number of ids, which is at most `batchSize(select)`. */
  get(ids: number, select: Selection): Cost;
  /** One call of `byEmails.find` for this number of addresses, which is at most its `batchSize`. */
  byEmails?(addresses: number, select: Selection): Cost;
  /**
   * One call of an edge's `load` for this number of records, which is at most its `batchSize`. Absent if the CRM does not
   * have the edge, or if every record that is read with the edge in its selection brings the ids itself.
   */
  readonly edges: { readonly [Edge in EdgeName<Resource>]?: (records: number) => Cost };
  /** The look-up of the columns that the account has. Absent if all accounts have all of them. */
  readonly columns?: Cost;
  /** The definitions of the fields outside the unified model. Absent if the CRM has none here. */
  readonly customFields?: Cost;
  /** Without what is read of the record afterwards, by `get` or as `answered` says. */
  create?(input: ResourceInputs[Resource]): Cost;
  update?(input: ResourceInputs[Resource]): Cost;
  delete?(): Cost;
  /**
   * The record after a write, if the CRM's answer to the write holds everything that is selected of it: what belongs to
   * other records. Null if it does not, so that the record is read by `get`.
   */
  answered(write: PricedWrite<Resource>, select: Selection): Cost | null;
}

/** A create or an update before its first call. */
export interface PricedWrite<Resource extends ResourceName = ResourceName> {
  mode: WriteMode;
  input: ResourceInputs[Resource];
}

/** What the parts of a provider cost that belong to no resource. */
export interface ProviderCost {
  /**
   * Calls that load a definition, by the name of the memo. Loads inside a load count on their own. The calls of a memo that
   * is not named here count as calls of the operation.
   */
  readonly definitions: Readonly<Record<string, number>>;
  /** Calls of `verify`; 1 by default. */
  readonly verify?: number;
  /** One call of `owners.load` for this number of ids, which is at most its `batchSize`. */
  owners(ids: number): Cost;
}
