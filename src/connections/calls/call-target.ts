import type { Provider } from "../../providers/contract/contract.js";
import type { ConnectionRecord } from "../../store/connections.js";
import type { Tenant } from "../access/principal.js";

/** The tenant, the end user, the provider and the CRM connection of a call. */
export interface CallTarget extends Tenant {
  provider: Provider;
  /** crmesh's own id (`eu_…`). */
  endUserId: string;
  /** null before the connection exists. */
  connectionId: string | null;
  /** @see ConnectionRecord.accountGeneration. Absent before the connection exists. */
  accountGeneration?: number;
}

/** Names an existing CRM connection as the target of calls. */
export function callTarget(
  { id, workspaceId, environment, endUserId, accountGeneration }: ConnectionRecord,
  provider: Provider,
): CallTarget {
  return { workspaceId, environment, provider, endUserId, connectionId: id, accountGeneration };
}
