import type { Credentials, Provider } from "../../src/providers/contract/contract.js";
import type { NativeRecord } from "../../src/providers/contract/field-map.js";
import { RESOURCES, type CustomFieldType, type Owner, type ResourceName } from "../../src/providers/contract/model.js";
import type { SandboxCrm, SandboxFault } from "../../src/sandbox/kit/crm.js";
import type { RecordedRequest, WireAnswer } from "./stage/recording-proxy.js";

/** Values by input name of the unified model. */
export type Input = Record<string, unknown>;
/** Values by field name of the unified model. */
export type Fields = Record<string, unknown>;

/**
 * Reads and writes records of a CRM by its own field names, through a client that shares no code with the adapter.
 * Native records are flat: native field name → value, as the CRM returns it.
 */
export interface NativeClient {
  /** Every record that a list of the resource returns, by native id. */
  all(resource: ResourceName): Promise<ReadonlyMap<string, NativeRecord>>;
  /** Records that lists leave out but that can be read by id. */
  unlisted(resource: ResourceName): Promise<ReadonlyMap<string, NativeRecord>>;
  /** Makes a record appear in lists, if the CRM leaves records out of them that only its API made. */
  enlist?(resource: ResourceName, id: string): Promise<void>;
  /** The number of records that a list returns. */
  count: (resource: ResourceName) => Promise<number>;
  get(resource: ResourceName, id: string): Promise<NativeRecord | null>;
  create(resource: ResourceName, native: NativeRecord): Promise<string>;
  remove(resource: ResourceName, id: string): Promise<void>;
  /** The ids at the other end of an edge, for every record that has any. */
  linked(resource: ResourceName, edge: string): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Ids of company records, if contacts refer to company records. */
  companies(): Promise<readonly string[]>;
  /** Makes and removes a company record. Absent if contacts refer to none. */
  createCompany?(name: string): Promise<string>;
  removeCompany?(id: string): Promise<void>;
  /** The company records themselves, by id. Empty if contacts refer to none. */
  companyRecords(): Promise<ReadonlyMap<string, NativeRecord>>;
  /** All users that a record may have as its owner, deactivated users included. */
  owners(): Promise<ReadonlyMap<string, Owner>>;
  /** Ids of the users to whom a record can be assigned. Absent if these are all owners. */
  assignable?(): Promise<readonly string[]>;
  /**
   * Makes the tags and sources that the subject's inputs name and the account lacks. Absent if the inputs name none.
   * @param made called with the id of each, for `removeWord`
   */
  makeWords?(made: (id: string) => void): Promise<void>;
  removeWord?(id: string): Promise<void>;
}

/** All records of an account as the CRM's own client reads them. Every read of the adapter is compared with them. */
export interface World {
  records: Readonly<Record<ResourceName, ReadonlyMap<string, NativeRecord>>>;
  unlisted: Readonly<Record<ResourceName, ReadonlyMap<string, NativeRecord>>>;
  /** resource → edge → native id → ids. */
  links: Readonly<Record<ResourceName, Readonly<Record<string, ReadonlyMap<string, readonly string[]>>>>>;
  owners: ReadonlyMap<string, Owner>;
  /** Scheme, host and port that the adapter calls. */
  origin: string;
}

/** One unified field: the native fields that it needs, and its expected value for a native record. */
export interface FieldTruth {
  native: readonly string[];
  of(native: NativeRecord, world: World, id: string): unknown;
}

/** One filter: values to test it with, and whether a native record matches. */
export interface FilterTruth {
  values(world: World): readonly unknown[];
  passes(native: NativeRecord, value: never, world: World, id: string): boolean;
}

/** An input, and the values that the adapter and the CRM's own client must read after writing it. */
export interface WriteCase {
  input: Input;
  reads: Fields;
  native: NativeRecord;
  /** Edge → ids. */
  links?: Record<string, readonly string[]>;
  /** Other unified fields that the CRM changes in an update with this input. */
  alsoChanges?: readonly string[];
}

export interface RefusedCase {
  input: Input;
  /** The input paths that the error names. */
  errors: readonly string[];
}

/** Unique texts, and ids of records to refer to. */
export interface Fresh {
  /** Letters and digits only. */
  unique: () => string;
  /** Native ids of records of the account that cases write to. */
  contacts: readonly string[];
  leads: readonly string[];
  companies: readonly string[];
  /** A contact with nothing but what a create needs. */
  bareContact: string;
  /** Native ids of active users. */
  owners: readonly string[];
}

export interface CustomFieldSubject {
  key: string;
  type: CustomFieldType;
  label: string;
  value: unknown;
  /** The value that the CRM stores. */
  native: unknown;
}

/** A field of the CRM's own that the unified model does not have. */
export interface StandardFieldSubject extends CustomFieldSubject {
  /** The label of the value's option, or the labels of its options. */
  optionLabels?: readonly string[];
}

/** What callers may do with the CRM's own fields by their native names. */
export interface StandardFieldsSubject {
  /** Fields that can be read and written. */
  fields: readonly StandardFieldSubject[];
  /** Fields that can only be read. */
  readOnly: readonly string[];
  /** Native fields of the model → the input that writes them, or the field that reads them. */
  inModel: Readonly<Record<string, string>>;
}

export const WRITES = ["CREATE", "UPDATE", "DELETE"] as const;
export type Write = (typeof WRITES)[number];

/** What accounts whose name begins with `narrow` have of a resource. */
export interface NarrowSubject {
  /** Some native columns, and whether the account has them. */
  columns: Readonly<Record<string, boolean>>;
  /** Filters of which the account has no column. All others find what they find over the columns that are there. */
  refusedFilters: readonly string[];
  /** Inputs that the account can store, and what the adapter reads after writing them. */
  writes(fresh: Fresh): readonly { input: Input; reads: Fields }[];
  /** Inputs for which the account has no column. */
  refusedWrites(fresh: Fresh): readonly RefusedCase[];
}

export interface ResourceSubject {
  /** Set if the sandbox has an account that lacks columns of the resource. */
  narrow?: NarrowSubject;
  /** The writes that the CRM has. Defaults to all. */
  operations?: readonly Write[];
  /** Makes a record by the CRM's own client, if the adapter has no create. */
  arrange?: (client: NativeClient, fresh: Fresh) => Promise<string>;
  /** Exactly the unified fields that the adapter declares. */
  fields: Readonly<Record<string, FieldTruth>>;
  filters: Readonly<Record<string, FilterTruth>>;
  /** Whether a filter also returns the records that lists leave out. */
  revealsUnlisted?(filter: Readonly<Record<string, unknown>>): boolean;
  /** The sort key of each order. Records whose key is null come together, first or last. */
  orders: Readonly<Record<string, (native: NativeRecord) => string | number | null>>;
  /**
   * Set if only the CRM's own cursor can page the listing, so that nobody knows what a deletion does to it: words of the
   * provider's notes that say so.
   */
  pagedByTheCrm?: string;
  /** Whether the CRM refuses to delete a record of its seed. */
  isKept?: (native: NativeRecord, owners: readonly Owner[]) => boolean;
  /** Edge names that the adapter can read. */
  edges: readonly string[];
  /** Edges of which the CRM returns only some ids, so that the adapter reports them as incomplete. */
  partialEdges?: readonly string[];
  /** Of the fields and edges that may take a further call, those of which the records of the seed take none. */
  rarelyFurther?: readonly string[];
  /** Whether the CRM reads records by id only one by one. */
  readSingly?: boolean;
  /** Whether ids that a batch does not find are looked up one by one. */
  absentReadSingly?: boolean;
  /**
   * Whether the ids of a full batch leave no room in a URL for all columns, custom fields included. A second call then reads
   * the columns, which one record alone does not need.
   */
  columnsReadApart?: boolean;
  /** The number of calls that decide which records a list has, so that it cannot do without them. Defaults to none. */
  decisiveCalls?: number;
  /** Input paths that the error of a create with no inputs names. */
  required: readonly string[];
  /** The smallest input that a create accepts. */
  minimal: (fresh: Fresh) => Input;
  /** As many inputs as one record can have. With the variants, it has every input that the adapter declares. */
  full(fresh: Fresh): WriteCase;
  variants(fresh: Fresh): readonly WriteCase[];
  /** Inputs that only a create accepts. */
  createOnly: readonly string[];
  /** Inputs of `full` that null does not clear, and the result of an update with null. */
  notCleared: Readonly<Record<string, "REFUSED" | Fields>>;
  refused(fresh: Fresh): readonly RefusedCase[];
  /** Inputs that only look-ups at the CRM can refuse: at least two look-ups have to run for all paths. */
  unknownThere?: (fresh: Fresh) => RefusedCase;
  /** Free text inputs whose unified field has the same name. */
  textInputs: readonly string[];
  custom: readonly CustomFieldSubject[];
  /** Names of standard fields of the CRM that the model has, and that are therefore no custom fields. */
  standardKeys: readonly string[];
  /** Absent if the CRM has no fields beyond the model here, or does not say which. */
  standard?: StandardFieldsSubject;
  /** Well-formed ids that no record has. */
  missingIds: readonly string[];
  /** Texts that cannot be an id in this CRM. */
  malformedIds: readonly string[];
}

/** A refusal of the CRM, and the error that it must become. */
export interface RefusalCase {
  kind: string;
  answer: WireAnswer;
  code: string;
  retryable: boolean;
  /** Words that the error must have, and words that it must not have. */
  says?: RegExp;
  hides?: RegExp;
}

/** A refusal in JSON. */
export const refusal = (status: number, body: unknown): WireAnswer => ({
  status,
  headers: { "content-type": "application/json" },
  text: JSON.stringify(body),
});

/** How a CRM stores the times of a meeting. */
export interface TimesSubject {
  /** Smallest step, in milliseconds. */
  precisionMs: number;
  allDay: boolean;
  native(start: Date, end: Date, isAllDay: boolean): NativeRecord;
}

/**
 * What becomes of 9007199254740993 in a custom field of numbers: a double rounds it to …992. `SPELLED` is a CRM that holds
 * numbers as texts.
 */
export type LongNumberFate = "SPELLED" | "EXACT" | "ROUNDED" | "REFUSED";

/** A kind of records that the CRM's own pages leave out of their lists. */
export interface HiddenRecords {
  resource: ResourceName;
  what: string;
  /** Whether the CRM's pages show such a record by its address. */
  byId: boolean;
  make: (client: NativeClient, fresh: Fresh) => Promise<string>;
}

export interface ContractSubject {
  provider: Provider;
  sandbox: SandboxCrm;
  oauthClient: { id: string; secret: string } | null;
  /** @param credentials as `createConnection` takes them */
  openNative(origin: string, credentials: Credentials): Promise<NativeClient>;
  /** Adds records that the seed lacks, by the CRM's own client. */
  prepare?(client: NativeClient): Promise<void>;
  /** A well-formed id that no record has; another one for each index. */
  absentId(resource: ResourceName, index: number): string;
  /** Compares two texts in the sort order of the CRM. */
  collate(one: string, other: string): number;
  /** Whether a native value means that the field is empty. */
  isEmpty(native: unknown): boolean;
  /** The native fields that a request selects; null if the request does not read the resource. */
  requestedFields(request: RecordedRequest, resource: ResourceName): readonly string[] | null;
  /** The kind of a request, if its method and path do not tell. */
  kindOf?(this: void, request: RecordedRequest): string;
  /** Whether a request creates, changes or deletes a record. */
  isWrite(request: RecordedRequest): boolean;
  /** Whether an answer without records is how the CRM says that there are none, such as a 204 to a listing. */
  meansNothingThere?(request: RecordedRequest, answer: WireAnswer): boolean;
  /** Whether an answer of another form also says that a write was carried out, such as one that ignores a preference. */
  alsoMeansWritten?(this: void, request: RecordedRequest, answer: WireAnswer): boolean;
  /** Credentials that the sandbox refuses. */
  wrongCredentials(good: Record<string, string>): Record<string, string>;
  /** The error code of each sandbox fault for which the CRMs differ. */
  faultCodes: Readonly<Partial<Record<SandboxFault, string>>>;
  times: TimesSubject;
  longNumbers: LongNumberFate;
  /** True if the CRM takes texts for numbers, so that crmesh does not look up which fields are numbers. */
  numbersFromTexts?: boolean;
  hidden?: readonly HiddenRecords[];
  /** The resources that the CRM has. */
  resources: Readonly<Partial<Record<ResourceName, ResourceSubject>>>;
  /** The number of own fields of accounts whose name begins with `wide`, if requests name fields in their URLs. */
  wideFields?: number;
  /** False if the API of the CRM always returns whole records. */
  selectsFields?: boolean;
  /** A mobile number as the CRM stores it, if it stores no phone types. */
  mobilePhone?: { number: string };
  /** Refusals whose status or form says something else than what they mean. */
  refusals?: readonly RefusalCase[];
  /** Native fields that only show which records refer to this one, so that links change them. */
  inverseFields?: readonly string[];
  /** A contact filter that uses a lagging search index, and that matches the contact with these fields. */
  laggingFilter?: (fields: Fields) => Record<string, unknown>;
}

/** @throws Error for a resource that the CRM does not have */
export function resourceOf({ provider, resources }: ContractSubject, resource: ResourceName): ResourceSubject {
  const found = resources[resource];
  if (!found) throw new Error(`${provider.name} has no ${resource}s.`);
  return found;
}

export function resourcesOf({ resources }: ContractSubject): ResourceName[] {
  return RESOURCES.filter((resource) => resources[resource]);
}

/** The part of an input that an update accepts. */
export function updatable({ createOnly }: ResourceSubject, input: Input): Input {
  return Object.fromEntries(Object.entries(input).filter(([name]) => !createOnly.includes(name)));
}
