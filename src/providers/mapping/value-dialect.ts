/** The CRM's forms of simple values. */
export interface ValueDialect {
  providerName: string;
  /** Value that clears a field. */
  cleared: unknown;
  /** Whether a text can be the id of a record. */
  isId: (text: string) => boolean;
  /** Text of a native value. Null for a value that means "none" in the CRM. */
  readText: (value: unknown) => string | null;
  /** Id of another record, in a field that refers to one. Null if the field is empty. @throws Mismatch for a value that is no id */
  readId: (value: unknown) => string | null;
  /** ISO 8601 in UTC with milliseconds; null if there is none. */
  readDateTime: (value: unknown) => string | null;
  writeDateTime(value: Date): unknown;
  readBoolean: (value: unknown) => boolean | null;
  writeBoolean(value: boolean): unknown;
}
