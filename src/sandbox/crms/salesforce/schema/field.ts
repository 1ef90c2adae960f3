export type FieldType =
  | "id"
  | "reference"
  | "string"
  | "textarea"
  | "email"
  | "phone"
  | "url"
  | "picklist"
  | "boolean"
  | "int"
  | "double"
  | "currency"
  | "date"
  | "datetime";

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  /** Maximum number of characters of a text. 0 for other types. */
  readonly length: number;
  readonly nillable: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  /** True if a create may omit the field, although it is not nillable. */
  readonly defaultedOnCreate: boolean;
  /** False for long texts, which cannot be used in filters and orders. */
  readonly filterable: boolean;
  readonly picklist: readonly string[];
  readonly restrictedPicklist: boolean;
  readonly referenceTo: readonly string[];
  readonly relationshipName: string | null;
}

type FieldOptions = Partial<Omit<Field, "name" | "label" | "type">>;

export const READ_ONLY = { createable: false, updateable: false } satisfies FieldOptions;
export const REQUIRED = { nillable: false } satisfies FieldOptions;

export function field(type: FieldType, name: string, label: string, options: FieldOptions = {}): Field {
  return {
    name,
    label,
    type,
    length: 0,
    nillable: true,
    createable: true,
    updateable: true,
    defaultedOnCreate: false,
    filterable: true,
    picklist: [],
    restrictedPicklist: false,
    referenceTo: [],
    relationshipName: null,
    ...options,
  };
}

export function text(name: string, label: string, length: number, options: FieldOptions = {}): Field {
  return field("string", name, label, { length, ...options });
}

export function longText(name: string, label: string): Field {
  return field("textarea", name, label, { length: 32_000, filterable: false });
}

export function phone(name: string, label: string): Field {
  return field("phone", name, label, { length: 40 });
}

export function email(name: string, label: string, options: FieldOptions = {}): Field {
  return field("email", name, label, { length: 80, ...options });
}

export function picklist(name: string, label: string, values: readonly string[], options: FieldOptions = {}): Field {
  return field("picklist", name, label, { length: 255, picklist: values, ...options });
}

/** A field that always has a value. Defaults to false. */
export function flag(name: string, label: string, options: FieldOptions = {}): Field {
  return field("boolean", name, label, { nillable: false, defaultedOnCreate: true, ...options });
}

/** A reference `XId`. A query reads the columns of the other record as `X.Column`. */
export function reference(
  name: string,
  label: string,
  referenceTo: readonly string[],
  options: FieldOptions = {},
): Field {
  return field("reference", name, label, {
    length: 18,
    referenceTo,
    relationshipName: name.replace(/Id$/, ""),
    ...options,
  });
}

/** Street, city, state, postal code and country, with a common prefix. */
export function address(prefix: string): Field[] {
  const label = prefix === "" ? "" : `${prefix} `;
  return [
    field("textarea", `${prefix}Street`, `${label}Street`, { length: 255 }),
    text(`${prefix}City`, `${label}City`, 40),
    text(`${prefix}State`, `${label}State/Province`, 80),
    text(`${prefix}PostalCode`, `${label}Zip/Postal Code`, 20),
    text(`${prefix}Country`, `${label}Country`, 80),
  ];
}

/** The fields of every record. The org writes them. */
export function systemFields(): Field[] {
  const stamp = { ...READ_ONLY, ...REQUIRED, defaultedOnCreate: true };
  return [
    flag("IsDeleted", "Deleted", READ_ONLY),
    field("datetime", "CreatedDate", "Created Date", stamp),
    reference("CreatedById", "Created By ID", ["User"], stamp),
    field("datetime", "LastModifiedDate", "Last Modified Date", stamp),
    reference("LastModifiedById", "Last Modified By ID", ["User"], stamp),
    field("datetime", "SystemModstamp", "System Modstamp", stamp),
  ];
}

export function idField(label: string): Field {
  return field("id", "Id", label, { ...READ_ONLY, ...REQUIRED, length: 18, defaultedOnCreate: true });
}

/** Custom fields of the imitated org. */
export function customFields(): Field[] {
  return [text("Crmesh_Note__c", "Note", 255), field("double", "Crmesh_Score__c", "Score")];
}
