/** A value as the database holds it: null is empty, date-times are microseconds, relations are ids. */
export type Stored = string | number | boolean | number[] | null;

export type Values = Record<string, Stored>;

export interface Row {
  readonly id: number;
  readonly [field: string]: Stored;
}
