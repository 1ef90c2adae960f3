import type { Provider } from "../../providers/contract/contract.js";
import type { ConnectionRecord } from "../../store/connections.js";
import type { Tenant } from "../access/principal.js";

/** The tenant, the provider and the CRM connection of a call. */
export interface CallTarget extends Tenant {
  provider: Provider;
  /** null before the connection exists. */
  connectionId: string | null;
  /** @see ConnectionRecord.accountGeneration. Absent before the connection exists. */
  accountGeneration?: number;
}

/** Names an existing CRM connection as the target of calls. */
export function callTarget(
  { id, workspaceId, environment, accountGeneration }: ConnectionRecord,
  provider: Provider,
): CallTarget {
  return { workspaceId, environment, provider, connectionId: id, accountGeneration };
}
