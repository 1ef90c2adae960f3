import type { FilterName, OrderField, ResourceFilters, ResourceInputs } from "./input.js";
import type { CustomFieldType, EdgeName, ResourceFields, ResourceName } from "./model.js";

/** A CRM's own record, as its JSON has it. */
export type NativeRecord = Record<string, unknown>;

export interface ReadContext {
  /** Scheme, host and port of the CRM, for links to its records. */
  origin: string;
  /** What the CRM says of its custom fields; empty unless they are selected. */
  customFields: readonly CustomFieldDefinition[];
}

export interface CustomFieldDefinition {
  /** The CRM's own name, and the unified key. */
  key: string;
  label: string;
  type: CustomFieldType;
}

/** The native fields to ask for; a function where it depends on the nested fields that are selected. */
export type Reads = readonly string[] | ((selects: (nested: string) => boolean) => readonly string[]);

/** How one unified field is read from the native record. */
export interface FieldEntry<Value> {
  reads: Reads;
  read(native: NativeRecord, context: ReadContext): Value;
  /** How the input of the same name is written; absent for what the CRM does not let be written. */
  write?: InputEntry;
  /** Named where the value is not the record's own but that of its linked record, to be taken through the loader. */
  linked?: { edge: EdgeName; field: string };
  /** For the documentation: what is special about it. */
  note?: string;
}

/** How one input field becomes native ones. */
export interface InputEntry {
  /** The native fields it is written to, so that the CRM's complaints about them find their way back. */
  native: readonly string[];
  /**
   * `null` clears.
   * @throws FieldProblem when the CRM cannot hold the value
   */
  toNative(value: never): NativeRecord;
}

/** Several input fields that only make sense together, e.g. the parts of a name. */
export interface CompositeInput<Input> {
  inputs: readonly (keyof Input & string)[];
  native: readonly string[];
  /** Called when at least one of the inputs is present. @throws FieldProblem */
  toNative(input: Input, mode: WriteMode): NativeRecord;
}

export type WriteMode = "create" | "update";

export interface EdgeEntry {
  reads: Reads;
  /** The native ids at the other end; undefined when this answer does not carry them. */
  read(native: NativeRecord): readonly string[] | undefined;
}

export interface CustomFieldRule {
  /** Whether a key can be that of a custom field here, as opposed to one of the CRM's own. */
  isCustom(key: string): boolean;
  read(value: unknown, type: CustomFieldType): unknown;
  write(value: unknown): unknown;
}

/**
 * One resource at one CRM, as data: reads, writes, the upstream field selection, filters, validation messages and the
 * documentation all come from here.
 */
export interface FieldMap<Resource extends ResourceName = ResourceName, Condition = unknown> {
  resource: Resource;
  /** The provider's name, for messages. */
  providerName: string;
  /** The CRM's own word for the record type. */
  nativeName: string;
  /** Native fields that every read needs, such as the id. */
  identity: readonly string[];
  fields: { [Field in keyof ResourceFields[Resource]]?: FieldEntry<ResourceFields[Resource][Field]> };
  /** Inputs whose name is not that of a field. */
  inputs?: { [Input in keyof ResourceInputs[Resource]]?: InputEntry };
  composites?: readonly CompositeInput<ResourceInputs[Resource]>[];
  /** Inputs that a create needs; of a list, any one. */
  required: readonly (string | readonly string[])[];
  /** Inputs that an existing record cannot be given. */
  createOnly?: readonly string[];
  edges?: { [Edge in EdgeName<Resource>]?: EdgeEntry };
  /** A filter that is not here is one the CRM cannot apply. */
  filters: Filters<Resource, Condition>;
  orders: { [Order in OrderField<Resource>]?: string };
  custom?: CustomFieldRule;
  /** Set where the linked contacts of a meeting are its attendees, so that their names come from there. */
  attendeesAreContacts?: boolean;
}

/** Any resource's map, for code that treats all alike. */
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
  orders: Readonly<Record<string, string | undefined>>;
  custom?: CustomFieldRule;
  attendeesAreContacts?: boolean;
}

/** Why a value cannot be written; `path` leads from the input's name to the part at fault, e.g. `1.type`. */
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

/** Types a map's filters with the condition that the CRM's query language wants. */
export type Filters<Resource extends ResourceName, Condition> = {
  [Filter in FilterName<Resource>]?: (
    value: NonNullable<ResourceFilters[Resource][Filter & keyof ResourceFilters[Resource]]>,
  ) => Condition;
};
