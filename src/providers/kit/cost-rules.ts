import type { Cost, ListCost } from "../contract/cost.js";
import type { ResourceInputs } from "../contract/input.js";
import type { EdgeName, ResourceName } from "../contract/model.js";

/** The reading of a planned call. The account's custom fields are not among its fields, because they are not known yet. */
export interface PlannedReading {
  /** Native fields, each once. */
  fields: readonly string[];
  needs: (part: string) => boolean;
  customFields: boolean;
}

/** A list before its first call. */
export interface PlannedList {
  /** The native conditions of the filters. */
  conditions: readonly unknown[];
  /** The names of the filters that have a value. */
  filters: ReadonlySet<string>;
  /** The native field of the order. */
  order: string | null;
  limit: number;
  /** With the fields that sifted filters read. */
  reading: PlannedReading;
  isSifted: boolean;
}

/** The load of an edge for this number of records. */
export type EdgeCosts<Resource extends ResourceName> = {
  readonly [Edge in EdgeName<Resource>]?: (records: number) => Cost;
};

/** What the parts of `ResourceRules` cost at one CRM. Absent members cost nothing. */
export interface CostRules<Resource extends ResourceName> {
  brings?: readonly string[];
  /**
   * Whether pages of the CRM have records that `calls.list` leaves out, so that a page may be short or empty although there
   * are more. The graph then reads on, as after a page of which not all records pass a sifted filter.
   */
  hasGaps?: boolean;
  /** One call of `calls.list`. */
  list(query: PlannedList): ListCost;
  /** One call of `calls.read` for this number of ids. */
  read(ids: number, reading: PlannedReading): Cost;
  /** One search by this number of e-mail addresses. The cost of a list with its condition by default. */
  byEmails?(addresses: number, reading: PlannedReading): Cost;
  /** The name of the memo that `customFields` loads. */
  customFields?: string;
  /** The load of a part for this number of records, by the name of the part. */
  parts?: Readonly<Record<string, (records: number) => Cost>>;
  /** Edges whose ids are not always part of the record. */
  edges?: EdgeCosts<Resource>;
  /** The check of this number of ids, by the name of the input. */
  references?: { readonly [Input in keyof ResourceInputs[Resource]]?: (ids: number) => Cost };
  /** All look-ups before a write. */
  lookups?(input: ResourceInputs[Resource], mode: "create" | "update"): Cost;
  /** One call of `calls.create`. 1 by default. */
  create?(input: ResourceInputs[Resource]): Cost;
  /** One call of `calls.update`. 1 by default. */
  update?(input: ResourceInputs[Resource]): Cost;
  /** One call of `calls.delete`. 1 by default. */
  delete?: Cost;
}
