import { CrmError, invalidInput } from "../../errors/crm-error.js";
import { notFound } from "../../providers/kit/adapter-kit.js";
import type { ResourceName } from "../../providers/contract/model.js";
import type { ConnectionRecord } from "../../store/connections.js";
import { wrongKind } from "./global-id.js";
import type { OperationContext } from "./context.js";

export interface TargetArgs {
  provider?: string | null | undefined;
  endUserId?: string | null | undefined;
}

/** Finds the connection that arguments, header and URL name together. Arguments override header and URL. */
export async function targetConnection(context: OperationContext, args: TargetArgs): Promise<ConnectionRecord> {
  const provider = args.provider ?? context.defaultProvider;
  if (!provider) throw new CrmError("MISSING_PROVIDER");
  return context.connectionByProvider(requireEndUserId(context, args), provider);
}

/** @throws CrmError MISSING_REQUIRED if neither the argument nor the header names the end user */
export function requireEndUserId(context: OperationContext, { endUserId }: TargetArgs): string {
  const id = endUserId ?? context.defaultEndUserId;
  if (id) return id;
  throw new CrmError("MISSING_REQUIRED", {
    errors: { endUserId: "The end user is required. Give `endUserId` as an argument or in the header X-End-User-Id." },
  });
}

const connectionNotFound = () => new CrmError("CONNECTION_NOT_FOUND");

/**
 * A connection that is named by its own id or by the id of a record in it. If an argument, else the header, names an end
 * user, the connections of other end users do not exist for the caller.
 * @param missing makes the error for a connection of another end user. Defaults to CONNECTION_NOT_FOUND.
 * @throws CrmError that of `missing`, CONNECTION_NOT_FOUND, END_USER_NOT_FOUND if there is no end user of that name
 */
export async function connectionOf(
  context: OperationContext,
  connectionId: string,
  { endUserId, missing = connectionNotFound }: { endUserId?: string | null | undefined; missing?: () => CrmError } = {},
): Promise<ConnectionRecord> {
  const connection = await context.connectionById(connectionId);
  await assertEndUser(context, connection.endUserId, missing, endUserId);
  return connection;
}

/**
 * @param id the end user (`eu_…`) that something belongs to
 * @param given the argument that names an end user. Defaults to the header.
 * @throws CrmError that of `missing` if it belongs to another end user, END_USER_NOT_FOUND if there is no end user of that name
 */
export async function assertEndUser(
  context: OperationContext,
  id: string,
  missing: () => CrmError,
  given?: string | null,
): Promise<void> {
  const named = given ?? context.defaultEndUserId;
  if (!named) return;
  const endUser = await context.directory.endUsers.load(named);
  if (endUser.id !== id) throw missing();
}

export interface TargetRecord {
  connection: ConnectionRecord;
  nativeId: string;
}

/** Finds the connection and the native id of a record. Only a native id also needs a provider and an end user. */
export async function targetRecord(
  context: OperationContext,
  resource: ResourceName,
  args: TargetArgs & { id: string },
): Promise<TargetRecord> {
  if (args.id.trim() === "") throw invalidInput({ id: "This must not be empty." });
  const decoded = context.globalId(args.id);
  if (!decoded) return { connection: await targetConnection(context, args), nativeId: args.id };
  const wrong = wrongKind(decoded.kind, [resource]);
  if (wrong) throw invalidInput({ id: wrong });
  const { endUserId } = args;
  const connection = await connectionOf(context, decoded.connectionId, {
    endUserId,
    missing: () => notFound(resource),
  });
  if (args.provider && args.provider !== connection.provider) {
    // This reports an unknown provider first, with the code PROVIDER_NOT_FOUND.
    context.connections.registry.get(args.provider);
    throw invalidInput({
      provider: `The id belongs to ${connection.provider}. Give that provider, or omit this argument.`,
    });
  }
  return { connection, nativeId: decoded.nativeId };
}
