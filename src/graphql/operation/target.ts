import { CrmError, invalidInput } from "../../errors/crm-error.js";
import type { ResourceName } from "../../providers/contract/model.js";
import type { ConnectionRecord } from "../../store/connections.js";
import { decodeGlobalId } from "./global-id.js";
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
  const decoded = decodeGlobalId(args.id);
  if (!decoded) return { connection: await targetConnection(context, args), nativeId: args.id };
  if (decoded.resource !== resource) {
    throw invalidInput({ id: `Expected the id of a ${resource}, but this is the id of a ${decoded.resource}.` });
  }
  const connection = await context.connectionById(decoded.connectionId);
  if (args.provider && args.provider !== connection.provider) {
    // This reports an unknown provider first, with the code PROVIDER_NOT_FOUND.
    context.connections.registry.get(args.provider);
    throw invalidInput({
      provider: `The id belongs to ${connection.provider}. Give that provider, or omit this argument.`,
    });
  }
  if (args.endUserId) {
    const endUser = await context.directory.endUsers.load(args.endUserId);
    if (endUser.id !== connection.endUserId)
      throw invalidInput({
        endUserId: "The id belongs to another end user. Give that end user, or omit this argument.",
      });
  }
  return { connection, nativeId: decoded.nativeId };
}
