import type { OpenedConnection } from "../../connections/calls/provider-context.js";
import type { Provider } from "../../providers/contract/contract.js";
import type { ConnectionRecord } from "../../store/connections.js";
import type { FieldSets } from "./field-sets.js";
import type { RecordLoaders } from "./record-loaders.js";

/** A connection as one operation uses it: opened once, with its loaders. */
export interface OpenConnection extends OpenedConnection {
  readonly record: ConnectionRecord;
  readonly provider: Provider;
  /** What this operation reads of each resource. */
  readonly select: FieldSets;
  readonly loaders: RecordLoaders;
}
