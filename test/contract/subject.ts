import type { Provider } from "../../src/providers/contract/contract.js";
import type { NativeRecord } from "../../src/providers/contract/field-map.js";
import { RESOURCES, type CustomFieldType, type Owner, type ResourceName } from "../../src/providers/contract/model.js";
import type { SandboxCrm, SandboxFault } from "../../src/sandbox/kit/crm.js";
import type { RecordedRequest } from "./stage/recording-proxy.js";

/** What is written: input names of the unified model. */
export type Input = Record<string, unknown>;
/** Unified field names and their values. */
export type Fields = Record<string, unknown>;

/**
 * Reads and writes a CRM's records in the CRM's own words, through a client that shares no code with the adapter.
 * Native records are flat: field name → value, as the CRM answers it.
 */
export interface NativeClient {
  /** Every live record that a listing of the resource holds, by native id. */
  all(resource: ResourceName): Promise<ReadonlyMap<string, NativeRecord>>;
  /** Records that listings leave out, yet can be read by their id. */
  unlisted(resource: ResourceName): Promise<ReadonlyMap<string, NativeRecord>>;
  /** How many records a listing has. */
  count(resource: ResourceName): Promise<number>;
  get(resource: ResourceName, id: string): Promise<NativeRecord | null>;
  create(resource: ResourceName, native: NativeRecord): Promise<string>;
  remove(resource: ResourceName, id: string): Promise<void>;
  /** For every record that has any, the ids at the other end of an edge. */
  linked(resource: ResourceName, edge: string): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Ids of company records, where contacts refer to such. */
  companies(): Promise<readonly string[]>;
  /** Everyone a record may name as its owner, those who left included. */
  owners(): Promise<ReadonlyMap<string, Owner>>;
}

/** The whole data set of an account in the CRM's own words: the yardstick of every read. */
export interface World {
  records: Readonly<Record<ResourceName, ReadonlyMap<string, NativeRecord>>>;
  unlisted: Readonly<Record<ResourceName, ReadonlyMap<string, NativeRecord>>>;
  /** resource → edge → native id → ids. */
  links: Readonly<Record<ResourceName, Readonly<Record<string, ReadonlyMap<string, readonly string[]>>>>>;
  owners: ReadonlyMap<string, Owner>;
  /** Scheme, host and port that the adapter was given. */
  origin: string;
}

/** One unified field: the native fields it needs, and what it should be by the CRM's own record. */
export interface FieldTruth {
  native: readonly string[];
  of(native: NativeRecord, world: World, id: string): unknown;
}

/** One filter: values worth asking for, and whether a native record passes. */
export interface FilterTruth {
  values(world: World): readonly unknown[];
  passes(native: NativeRecord, value: never, world: World, id: string): boolean;
}

/** Something written, and what of it must be read back: through the adapter, and by the CRM's own client. */
export interface WriteCase {
  input: Input;
  reads: Fields;
  native: NativeRecord;
  /** Edge → ids. */
  links?: Record<string, readonly string[]>;
  /** Fields that the CRM changes along with these when they are updated. */
  alsoChanges?: readonly string[];
}

export interface RefusedCase {
  input: Input;
  /** The paths that the refusal names. */
  errors: readonly string[];
}

/** Values that are new in every call, and records to refer to. */
export interface Fresh {
  /** Letters and digits only. */
  unique(): string;
  /** Native ids of records of the account that is written to. */
  contacts: readonly string[];
  leads: readonly string[];
  companies: readonly string[];
  /** Native ids of active users. */
  owners: readonly string[];
}

export interface CustomFieldSubject {
  key: string;
  type: CustomFieldType;
  label: string;
  value: unknown;
  /** What the CRM holds for that value. */
  native: unknown;
}

export const WRITES = ["CREATE", "UPDATE", "DELETE"] as const;
export type Write = (typeof WRITES)[number];

export interface ResourceSubject {
  /** The writes that the CRM has; all of them where nothing is said. */
  operations?: readonly Write[];
  /** Makes a record in the CRM's own way, where the adapter cannot. */
  arrange?(client: NativeClient, fresh: Fresh): Promise<string>;
  /** Every unified field that the adapter declares, and no other. */
  fields: Readonly<Record<string, FieldTruth>>;
  filters: Readonly<Record<string, FilterTruth>>;
  /** Whether a filter brings the records back that listings leave out. */
  revealsUnlisted?(filter: Readonly<Record<string, unknown>>): boolean;
  /** The key that each order sorts by; null sorts anywhere, but together. */
  orders: Readonly<Record<string, (native: NativeRecord) => string | number | null>>;
  /** Edge names that the adapter can read. */
  edges: readonly string[];
  /** Those of which the CRM names only some of the other ends, so that the adapter says that there may be more. */
  partialEdges?: readonly string[];
  /** Of the fields and edges that may take a further call, those of which the records of the seed take none. */
  rarelyFurther?: readonly string[];
  /** Paths that creating nothing complains about, all at once. */
  required: readonly string[];
  /** The least that a create needs. */
  minimal(fresh: Fresh): Input;
  /** As much as one record holds; together with the variants it names every input that the adapter declares. */
  full(fresh: Fresh): WriteCase;
  variants(fresh: Fresh): readonly WriteCase[];
  /** Inputs that an existing record cannot be given. */
  createOnly: readonly string[];
  /** Inputs of `full` that null does not clear, and what an update with null leads to instead. */
  notCleared: Readonly<Record<string, "REFUSED" | Fields>>;
  refused(fresh: Fresh): readonly RefusedCase[];
  /** Inputs that only look-ups at the CRM can refuse: at least two look-ups have to run for all paths. */
  unknownThere?(fresh: Fresh): RefusedCase;
  /** Inputs of free text whose unified field has the same name. */
  textInputs: readonly string[];
  custom: readonly CustomFieldSubject[];
  /** Names of the CRM's own fields, which are no custom ones. */
  standardKeys: readonly string[];
  /** Well-formed ids of no record. */
  missingIds: readonly string[];
  /** What can be no id there. */
  malformedIds: readonly string[];
}

/** How a CRM keeps the times of a meeting. */
export interface TimesSubject {
  /** Smallest step, in milliseconds. */
  precisionMs: number;
  allDay: boolean;
  native(start: Date, end: Date, isAllDay: boolean): NativeRecord;
}

export interface ContractSubject {
  provider: Provider;
  sandbox: SandboxCrm;
  oauthClient: { id: string; secret: string } | null;
  openNative(origin: string, account: string): Promise<NativeClient>;
  /** Adds what the seed lacks to an account, in the CRM's own words. */
  prepare?(client: NativeClient): Promise<void>;
  /** Well-formed ids of no record, as many as are wanted. */
  absentId(resource: ResourceName, index: number): string;
  /** How that CRM orders texts. */
  collate(one: string, other: string): number;
  /** Whether a native value is that CRM's way of saying "none". */
  isEmpty(native: unknown): boolean;
  /** The native fields that a request asks for; null where it asks for no records of the resource. */
  requestedFields(request: RecordedRequest, resource: ResourceName): readonly string[] | null;
  /** Whether a request creates, changes or deletes a record. */
  isWrite(request: RecordedRequest): boolean;
  /** Credentials that the sandbox knows nothing of. */
  wrongCredentials(good: Record<string, string>): Record<string, string>;
  /** The code that each fault leads to where the CRMs differ. */
  faultCodes: Readonly<Partial<Record<SandboxFault, string>>>;
  times: TimesSubject;
  /** Those that the CRM has. */
  resources: Readonly<Partial<Record<ResourceName, ResourceSubject>>>;
  /** False where the CRM's API sends whole records, whatever is asked for. */
  selectsFields?: boolean;
  /** A mobile number as the CRM keeps it, where it keeps no types. */
  mobilePhone?: { number: string };
  /** A filter of contacts that goes through a search index, which notices changes late: how to ask for one contact. */
  laggingFilter?(fields: Fields): Record<string, unknown>;
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

/** Those of an input that an existing record takes. */
export function updatable({ createOnly }: ResourceSubject, input: Input): Input {
  return Object.fromEntries(Object.entries(input).filter(([name]) => !createOnly.includes(name)));
}
