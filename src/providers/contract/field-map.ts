import type { CrmError } from "../../errors/crm-error.js";
import type { FilterName, OrderField, ResourceFilters, ResourceInputs } from "./input.js";
import type { CustomFieldType, EdgeName, ResourceFields, ResourceName } from "./model.js";

/** A record as the CRM's JSON contains it. */
export type NativeRecord = Record<string, unknown>;

export interface ReadContext {
  /** Scheme, host and port of the CRM, for links to its records. */
  origin: string;
  /** Definitions of the custom fields, or the error with which they could not be read. Empty if the query does not select custom fields. */
  customFields: readonly CustomFieldDefinition[] | CrmError;
}

export interface CustomFieldDefinition {
  /** The CRM's name of the field, which is also the unified key. */
  key: string;
  label: string;
  type: CustomFieldType;
  /** Set if the CRM's JSON has the numbers of this field as texts. */
  numbersAreTexts?: true;
  /** Set if the CRM keeps only the whole part of a number, without a word. 32 if it also cannot hold more bits. */
  wholeNumber?: true | 32;
  /** Set if the CRM computes the value, and ignores a written one. */
  isReadOnly?: true;
  /** Set if the field is one of the CRM's own, outside the unified model, and not one that the account has added. */
  isStandard?: true;
  /** Value → the label that the CRM's users see, for a field of options whose values are not their labels. */
  optionLabels?: ReadonlyMap<string, string>;
  /** The value that clears the field, where null does not. */
  cleared?: unknown;
  /** Id → label, if the CRM's values are ids of options. */
  options?: ReadonlyMap<string, string>;
}

/** The native fields to read. A function if they depend on the selected nested fields. */
export type Reads = readonly string[] | ((selects: (nested: string) => boolean) => readonly string[]);

/** Describes how to read one unified field from the native record. */
export interface FieldEntry<Value> {
  reads: Reads;
  read: (native: NativeRecord, context: ReadContext) => Value;
  /** Describes how to write the input of the same name. Absent if the CRM does not allow writes. */
  write?: InputEntry;
  /** Set if the value belongs to a linked record, which the loader reads. */
  linked?: { edge: EdgeName; field: string };
  /** A remark for the documentation. */
  note?: string;
}

/** Describes how one input field becomes native fields. */
export interface InputEntry {
  /** The native fields that the input is written to. crmesh uses them to translate the CRM's field errors. */
  native: readonly string[];
  /**
   * Null clears the field.
   * @param isWritable whether the account has a native field; an input with several places uses those that are there
   * @throws FieldProblem if the CRM cannot store the value
   */
  toNative: (value: never, isWritable?: IsWritable) => NativeRecord;
  /**
   * Set if an update needs the stored value: the CRM would otherwise replace what the new value leaves out, such as the
   * type of a number that stays.
   */
  stored?: StoredValue;
}

/** Whether an account has a native field, and its user may write it. */
export type IsWritable = (native: string) => boolean;

export interface StoredValue {
  /** Whether this value leaves anything out. Only then the record is read before the update. */
  isNeeded: (value: never) => boolean;
  /** @param current the native fields of the input as they are stored. @throws FieldProblem */
  toNative: (value: never, current: NativeRecord, isWritable?: IsWritable) => NativeRecord;
}

/** Several input fields that are written together, e.g. the parts of a name. */
export interface CompositeInput<Input> {
  inputs: readonly (keyof Input & string)[];
  native: readonly string[];
  /** Called if at least one of the inputs is present. @throws FieldProblem */
  toNative: (input: Input, mode: WriteMode) => NativeRecord;
}

export type WriteMode = "create" | "update";

export interface EdgeEntry {
  reads: Reads;
  /** The native ids at the other end. Undefined if this response does not contain them. */
  read(native: NativeRecord): readonly string[] | undefined;
}

/** How a CRM finds records by e-mail addresses. */
export interface EmailRules<Condition> {
  /** Maximum number of addresses in one search. */
  batchSize: number;
  /** Maximum number of records that one search returns; more than `MATCHES_MAX`. */
  pageSize: number;
  /** The native fields that the search covers, for the documentation. */
  covers: readonly string[];
  /** The vendor's document, or the server, that the facts about the search come from. */
  source: string;
  /**
   * The condition that finds every record that has one of the addresses, and perhaps others.
   * @param addresses are in the form of `normalEmail`
   * @param columns those of `covers` that the account has, at least one
   */
  condition(addresses: readonly string[], columns: readonly string[]): Condition;
  /**
   * The addresses by which the condition finds the record, as the CRM stores them. Reads only what the map's `emails`
   * reads, from the record as `ResourceCalls.list` and `ResourceCalls.read` return it.
   */
  addressesOf(native: NativeRecord): readonly string[];
  /** Whether the CRM can be asked for an address of this form. It can for every one by default. */
  canFind?(address: string): boolean;
  /** Whether one search has room for these addresses. If it has not, they take several searches. It has by default. */
  fits?(addresses: readonly string[]): boolean;
  /** Set if the CRM cannot order what it finds by the creation. */
  isUnordered?: true;
}

export interface CustomFieldRule {
  /** Whether a text can be the name of a field at this CRM. Fields that the map reads or writes are refused before. */
  isKey(key: string): boolean;
  /** Set if the CRM takes a field's name in capitals and in lower case alike. */
  ignoresCase?: true;
  /** Other native names of what the map reads or writes, with the unified name. */
  aliases?: Readonly<Record<string, string>>;
  read(value: unknown, type: CustomFieldType): unknown;
  /** The label that a record itself has for a value, such as the name of a record that it refers to. */
  labelOf?: (value: unknown) => string | null;
  write(value: unknown): unknown;
  /** Writes the value of a DATE_TIME. Set if the CRM does not take what crmesh reads: ISO 8601 with milliseconds. */
  writeDateTime?: (value: Date) => unknown;
}

/**
 * One resource of one CRM, as data. crmesh derives reads, writes, the upstream field selection, filters, validation
 * messages and the documentation from it.
 */
export interface FieldMap<Resource extends ResourceName = ResourceName, Condition = unknown> {
  resource: Resource;
  /** The provider's name, for messages. */
  providerName: string;
  /** The CRM's name of the record type. */
  nativeName: string;
  /** Native fields that every read needs, such as the id. */
  identity: readonly string[];
  fields: { [Field in keyof ResourceFields[Resource]]?: FieldEntry<ResourceFields[Resource][Field]> };
  /** Inputs that have no field of the same name. */
  inputs?: { [Input in keyof ResourceInputs[Resource]]?: InputEntry };
  composites?: readonly CompositeInput<ResourceInputs[Resource]>[];
  /** Inputs that a create needs. Of an inner list, one input is enough. */
  required: readonly (string | readonly string[])[];
  /** Inputs that only a create accepts. */
  createOnly?: readonly string[];
  edges?: { [Edge in EdgeName<Resource>]?: EdgeEntry };
  /** The filters that the CRM can apply. crmesh refuses all others. */
  filters: Filters<Resource, Condition>;
  /** Absent if the records have no e-mail addresses of their own. */
  byEmails?: EmailRules<Condition>;
  orders: { [Order in OrderField<Resource>]?: string };
  custom?: CustomFieldRule;
  /** Set if the linked contacts of a meeting are its attendees. Their names then come from the contacts. */
  attendeesAreContacts?: boolean;
}

/** The map of any resource, for code that treats all resources alike. */
export interface AnyFieldMap {
  resource: ResourceName;
  providerName: string;
  nativeName: string;
  identity: readonly string[];
  fields: Readonly<Record<string, FieldEntry<unknown> | undefined>>;
  inputs?: Readonly<Record<string, InputEntry | undefined>>;
  composites?: readonly CompositeInput<never>[];
  required: readonly (string | readonly string[])[];
  createOnly?: readonly string[];
  edges?: Readonly<Record<string, EdgeEntry | undefined>>;
  filters: Readonly<Record<string, ((value: never) => unknown) | undefined>>;
  byEmails?: EmailRules<unknown>;
  orders: Readonly<Record<string, string | undefined>>;
  custom?: CustomFieldRule;
  attendeesAreContacts?: boolean;
}

/** Tells why a value cannot be written. `path` leads from the input to the wrong part, e.g. `1.type`. */
export class FieldProblem extends Error {
  override readonly name = "FieldProblem";
  constructor(
    message: string,
    readonly path: string = "",
    readonly input?: string,
  ) {
    super(message);
  }
}

/** The filters of a map, with the condition type of the CRM's query language. */
export type Filters<Resource extends ResourceName, Condition> = {
  [Filter in FilterName<Resource>]?: (
    value: NonNullable<ResourceFilters[Resource][Filter & keyof ResourceFilters[Resource]]>,
  ) => Condition;
};
