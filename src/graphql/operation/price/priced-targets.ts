import { CrmError } from "../../../errors/crm-error.js";
import type { ErrorCode } from "../../../errors/catalogue.js";
import type { ConnectionRecord } from "../../../store/connections.js";
import type { OperationContext } from "../context.js";
import type { GlobalIdKind } from "../global-id.js";
import { connectionOf, targetConnection, type TargetArgs } from "../target.js";

/** Refusals of the look-up of a connection. The execution repeats the look-up and answers them. */
const LEFT_TO_EXECUTION: ReadonlySet<ErrorCode> = new Set([
  "MISSING_PROVIDER",
  "MISSING_REQUIRED",
  "PROVIDER_NOT_FOUND",
  "END_USER_NOT_FOUND",
  "CONNECTION_NOT_FOUND",
  "INVALID_INPUT",
]);

/** Resolves to null if the look-up is refused: such a field makes no call. */
export async function orNull<Found>(look: () => Promise<Found>): Promise<Found | null> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof CrmError && LEFT_TO_EXECUTION.has(error.code)) return null;
    throw error;
  }
}

/** The record that a global or a native id names, and the way in which its connection is found. */
export interface PricedRecord {
  connection: ConnectionRecord;
  kind: GlobalIdKind | null;
  /** Records whose connections are found in the same way are loaded at the same moment. */
  way: string;
}

/** Finds the connection of a record without the checks that only refuse. */
export async function pricedRecord(
  context: OperationContext,
  args: TargetArgs & { id?: unknown },
): Promise<PricedRecord | null> {
  const id = typeof args.id === "string" ? args.id : "";
  const decoded = context.globalId(id);
  const way = JSON.stringify([decoded === null, args.provider ?? null, args.endUserId ?? null]);
  const connection = await orNull(() =>
    decoded
      ? connectionOf(context, decoded.connectionId, { endUserId: args.endUserId })
      : targetConnection(context, args),
  );
  return connection && { connection, kind: decoded?.kind ?? null, way };
}

/** The connections of an end user, by the workspace's own id. Empty if there is no such end user. */
export async function connectionsOfEndUser(
  context: OperationContext,
  externalId: string | null,
): Promise<readonly ConnectionRecord[]> {
  if (!externalId) return [];
  const endUser = await orNull(() => context.directory.endUsers.load(externalId));
  return endUser ? context.directory.connectionsOf.load(endUser.id) : [];
}
