import type { ObjectType } from "./object-types.js";

export interface StoredRecord {
  readonly type: ObjectType;
  readonly id: string;
  /** What was written; a cleared property is not in it. */
  readonly values: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly archivedAt: number | null;
}
