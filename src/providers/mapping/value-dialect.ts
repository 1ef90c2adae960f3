/** How a CRM writes the plain kinds of values. */
export interface ValueDialect {
  providerName: string;
  /** What is sent to clear a field. */
  cleared: unknown;
  /** The text of a native value; null when it is the CRM's way of saying "none". */
  readText(value: unknown): string | null;
  /** ISO 8601 in UTC with milliseconds; null when there is none. */
  readDateTime(value: unknown): string | null;
  writeDateTime(value: Date): unknown;
  readBoolean(value: unknown): boolean | null;
  writeBoolean(value: boolean): unknown;
}
