/** The CRM's forms of simple values. */
export interface ValueDialect {
  providerName: string;
  /** Value that clears a field. */
  cleared: unknown;
  /** Whether a text can be the id of a record. */
  isId(text: string): boolean;
  /** Text of a native value. Null for a value that means "none" in the CRM. */
  readText(value: unknown): string | null;
  /** ISO 8601 in UTC with milliseconds. Null if the value is no date-time. */
  readDateTime(value: unknown): string | null;
  writeDateTime(value: Date): unknown;
  readBoolean(value: unknown): boolean | null;
  writeBoolean(value: boolean): unknown;
}
