import type { Page, ProviderContext, ResourceAdapter } from "../contract/contract.js";
import type { CustomFieldDefinition, FieldMap, NativeRecord, WriteMode } from "../contract/field-map.js";
import type { ResourceInputs } from "../contract/input.js";
import type { ResourceName } from "../contract/model.js";
import type { Selection } from "../contract/selection.js";
import type { ColumnRules } from "./columns.js";
import type { CostRules } from "./cost-rules.js";

/**
 * The batch size for records that a CRM reads one by one. What they need besides, such as names of companies, takes a call
 * for all of them. A failed call fails all records of a batch, so the batches are small.
 */
export const READ_TOGETHER = 20;

/** A list request in the CRM's own terms. */
export interface NativeQuery<Condition> {
  /**
   * The native conditions of the filters. A record must match all of them. Conditions whose results the kit checks
   * again come last.
   */
  conditions: readonly Condition[];
  order: { field: string; direction: "ASC" | "DESC" } | null;
  limit: number;
  cursor: string | null;
  reading: Reading;
}

/** The fields and parts of each record that a read must return. */
export interface Reading {
  /** Native fields, custom fields included, each once. */
  fields: readonly string[];
  /** Whether the read also needs a part of the record: `$name`, or a field that takes a call of its own. */
  needs: (part: string) => boolean;
}

export interface NativePage {
  /** May be fewer than the limit, or none, although there is a next page. */
  records: readonly NativeRecord[];
  next: string | null;
  cap?: Page["cap"];
  omits?: Page["omits"];
  after?: Page["after"];
}

/** The calls that a CRM's API has for one resource, in its own terms. */
export interface ResourceCalls<Resource extends ResourceName, Condition> {
  /** Maximum number of ids in one `read`. A function if the number depends on the selection. */
  batchSize: number | ((select: Selection) => number);
  /** Whether a text can be an id at this CRM. A record with an impossible id counts as missing, without a call. */
  isId(text: string): boolean;
  /** Defaults to the record's `id`. */
  idOf?: (native: NativeRecord) => string;
  list(context: ProviderContext, query: NativeQuery<Condition>): Promise<NativePage>;
  /** Resolves to the records that exist, in any order. */
  read(context: ProviderContext, ids: readonly string[], reading: Reading): Promise<readonly NativeRecord[]>;
  /** Resolves to the new record as the CRM answered it, or to its id alone. */
  create?: (context: ProviderContext, native: NativeRecord, write: ReadyWrite<Resource>) => Promise<CreateResult>;
  /** Resolves to the record as the CRM answered it. Null if the CRM did not answer it. */
  update?: (
    context: ProviderContext,
    id: string,
    native: NativeRecord,
    write: ReadyWrite<Resource>,
  ) => Promise<NativeRecord | null>;
  delete?: (context: ProviderContext, id: string) => Promise<void>;
}

/** A write that has passed the field map and is on its way to the CRM. */
export interface PendingWrite<Resource extends ResourceName> {
  /** null in a create. */
  id: string | null;
  input: ResourceInputs[Resource];
  /** The native fields to write. Look-ups may change them, e.g. replace names with ids. */
  native: NativeRecord;
  /**
   * The record before the update, with the fields of `ResourceRules.current`. Null in a create, and if `current` names
   * no field.
   */
  current: NativeRecord | null;
}

/** A write that is sent next. */
export interface ReadyWrite<Resource extends ResourceName> extends PendingWrite<Resource> {
  /**
   * What the record is made of afterwards, if `ResourceRules.answers` says that the CRM's answer holds it. Null if the
   * answer is used for nothing but the id.
   */
  answer: Reading | null;
}

export interface CreateResult {
  id: string;
  /** The record as the CRM answered it. Null if the CRM did not answer it. */
  record: NativeRecord | null;
}

/** What a CRM answers to a create or an update. */
export interface WriteAnswers {
  /** Whether the answer to this write holds a native field or a part of the record, as a read would. */
  holds: (name: string, write: WrittenInputs) => boolean;
  /** Set if the answer has the whole record as a read does, with all custom fields. */
  isWhole?: true;
  /**
   * Whether an answer has what it should hold. If not, the record is read after all, as a part of the write. By default,
   * every answer has it.
   */
  hasAll?: (native: NativeRecord, write: ReadyWrite<ResourceName> & { answer: Reading }) => boolean;
}

/** A write before its first call, as the content of its answer depends on it. */
export interface WrittenInputs {
  mode: WriteMode;
  /** Native fields that the inputs are written to, custom fields included. */
  writes: ReadonlySet<string>;
}

/** A write while its look-ups run. */
export interface LookedUpWrite<Resource extends ResourceName> extends PendingWrite<Resource> {
  /**
   * Reports a problem of an input. The write then fails with INVALID_INPUT, which names the problems of all look-ups.
   * @param path leads from the input's name to the part at fault, e.g. `1.type`
   */
  refuse: (input: string, problem: string, path?: string) => void;
}

/**
 * A look-up before a write. It changes `write.native` and reports problems by `write.refuse`. All look-ups of a write
 * run at the same time.
 * @throws FieldProblem that names its input, as another way to report a problem
 * @throws CrmError if the CRM does not answer the look-up
 */
export type Lookup<Resource extends ResourceName> = (
  context: ProviderContext,
  write: LookedUpWrite<Resource>,
) => void | Promise<void>;

/** Resolves to the ids that belong to existing records. */
export type ExistingIds = (context: ProviderContext, ids: readonly string[]) => Promise<ReadonlySet<string>>;

/** Loads a part for records in their `shape`. Resolves to a function that finds a record's part, or why it has none. */
export type PartLoader = (
  context: ProviderContext,
  records: readonly NativeRecord[],
  reading: Reading,
) => Promise<(record: NativeRecord) => unknown>;

export interface ResourceRules<Resource extends ResourceName, Condition> {
  map: FieldMap<Resource>;
  calls: ResourceCalls<Resource, Condition>;
  /** What the calls, parts, look-ups and edges cost. */
  cost: CostRules<Resource>;
  /** Edges whose ids are not part of the records. */
  edges?: ResourceAdapter<Resource>["edges"];
  /**
   * The definitions of the account's custom fields, and of the CRM's own fields. The kit leaves out those that the map reads or
   * writes. A write of any other key is refused.
   */
  customFields?: (context: ProviderContext) => Promise<readonly CustomFieldDefinition[]>;
  /** What the CRM's answers to writes hold. Absent if they hold nothing but the id, so that records are read after writes. */
  answers?: WriteAnswers;
  /** How the CRM says which of the map's columns an account has. Absent if every account has all of them. */
  columns?: ColumnRules;
  /** Set if the CRM itself or a look-up refuses unknown keys by name, so that the kit does not check them. */
  unknownKeysRefused?: boolean;
  /** Gives a record the form that the field map reads. */
  shape?: (native: NativeRecord, customFields: readonly CustomFieldDefinition[]) => NativeRecord;
  /**
   * Parts of records that take calls of their own, by name: data of other records under a name that begins with a
   * dollar, or a field that listings leave out. A part is loaded only if it is needed, and all parts at the same time.
   * If a load fails, only the unified fields that read the part fail.
   */
  parts?: Readonly<Record<string, PartLoader>>;
  /** Native fields for which `list` or `read` make further calls. They mark the fields of a failed call by `withUnread`. */
  furtherFields?: readonly string[];
  /** Inputs that name other records by id, if the CRM's refusal of an unknown id is not clear. */
  references?: { readonly [Input in keyof ResourceInputs[Resource]]?: ExistingIds };
  /**
   * Names the native fields of the existing record that this update depends on. One read puts them into
   * `write.current`.
   */
  current?(input: ResourceInputs[Resource]): readonly string[];
  /** All other look-ups and checks before the first call of a write. */
  lookups?: readonly Lookup<Resource>[];
  /** Assigns the records to the requested ids. For CRMs that accept several forms of an id. */
  byAskedId?(natives: readonly NativeRecord[], ids: readonly string[]): ReadonlyMap<string, NativeRecord>;
}
