import type { OpenedConnection } from "../../connections/calls/provider-context.js";
import type { Provider } from "../../providers/contract/contract.js";
import type { ConnectionRecord } from "../../store/connections.js";
import type { FieldSets } from "./field-sets.js";
import type { RecordLoaders } from "./record-loaders.js";

/** A CRM connection that one operation has opened, with its loaders. */
export interface OpenConnection extends OpenedConnection {
  readonly record: ConnectionRecord;
  readonly provider: Provider;
  /** The fields that this operation reads of each resource. */
  readonly select: FieldSets;
  readonly loaders: RecordLoaders;
}
