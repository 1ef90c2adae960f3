import type { Provider, ProviderContext } from "../../providers/contract.js";
import type { ConnectionRecord } from "../../store/connections.js";
import type { FieldSets } from "./field-sets.js";
import type { RecordLoaders } from "./record-loaders.js";

/** A connection as one operation uses it: opened once, with its loaders. */
export interface OpenConnection {
  readonly record: ConnectionRecord;
  readonly provider: Provider;
  readonly context: ProviderContext;
  /** What this operation reads of each resource. */
  readonly select: FieldSets;
  readonly loaders: RecordLoaders;
}
