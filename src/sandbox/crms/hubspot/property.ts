export type PropertyType = "string" | "number" | "datetime" | "enumeration";

/** The source of the options of an enumeration if they are not part of the property. */
export type ExternalOptions = "OWNERS" | "LEAD_PIPELINES" | "LEAD_STAGES";

export interface PropertyOption {
  value: string;
  label: string;
}

export interface Property {
  readonly name: string;
  readonly label: string;
  readonly type: PropertyType;
  readonly fieldType: string;
  readonly groupName: string;
  readonly options: readonly PropertyOption[];
  readonly externalOptions: ExternalOptions | null;
  /** Several `;`-joined values. */
  readonly multiple: boolean;
  readonly format: "EMAIL" | "EMAIL_LIST" | null;
  readonly readOnly: boolean;
  readonly hubspotDefined: boolean;
}

const FIELD_TYPES: Record<PropertyType, string> = {
  string: "text",
  number: "number",
  datetime: "date",
  enumeration: "select",
};

/** Makes the properties of a group. Without `details`, a property is a writable text. */
export function propertyIn(groupName: string) {
  return (name: string, label: string, details: Partial<Property> = {}): Property => ({
    name,
    label,
    type: "string",
    fieldType: FIELD_TYPES[details.type ?? "string"],
    groupName,
    options: [],
    externalOptions: null,
    multiple: false,
    format: null,
    readOnly: false,
    hubspotDefined: true,
    ...details,
  });
}

export function optionsOf(labels: Record<string, string>): PropertyOption[] {
  return Object.entries(labels).map(([value, label]) => ({ value, label }));
}

/** The properties of every type: the id, and two custom properties. */
export function commonProperties(groupName: string): Property[] {
  const property = propertyIn(groupName);
  return [
    property("hs_object_id", "Record ID", { type: "number", readOnly: true }),
    property("crmesh_note", "Note", { hubspotDefined: false }),
    property("crmesh_score", "Score", { type: "number", hubspotDefined: false }),
  ];
}

export function propertyToWire(property: Property): Record<string, unknown> {
  const { name, label, type, fieldType, groupName, readOnly, hubspotDefined } = property;
  return {
    name,
    label,
    type,
    fieldType,
    groupName,
    description: "",
    options: property.options.map((option, displayOrder) => ({ ...option, displayOrder, hidden: false })),
    displayOrder: -1,
    calculated: false,
    externalOptions: property.externalOptions !== null,
    hasUniqueValue: property.format === "EMAIL",
    hidden: false,
    hubspotDefined,
    modificationMetadata: {
      archivable: !hubspotDefined,
      readOnlyDefinition: hubspotDefined,
      readOnlyValue: readOnly,
    },
    formField: false,
    archived: false,
  };
}
