import { Ctx, FieldResolver, Resolver, Root, type ClassType } from "type-graphql";
import { Connection } from "./connection/connection.type.js";
import { OperationContext } from "../operation/context.js";
import { Provider } from "./provider/provider.js";
import { Owner } from "./shared/owner.js";
import type { CrmRecord } from "./shared/record.js";
import { JSONValue } from "./shared/scalars.js";

/** Makes the field resolvers that every record type has. */
export function recordFieldsResolver(recordType: () => ClassType<CrmRecord>) {
  @Resolver(recordType)
  class RecordFieldsResolver {
    @FieldResolver(() => Provider, { description: "The CRM that the record is in." })
    provider(@Root() { link }: CrmRecord): Provider {
      return new Provider(link.provider);
    }

    @FieldResolver(() => Connection, { description: "The CRM connection that the record was read through." })
    connection(@Root() { link }: CrmRecord): Connection {
      return new Connection(link.record);
    }

    @FieldResolver(() => Owner, { nullable: true, description: "The CRM user who owns the record." })
    owner(@Root() { loaded, link }: CrmRecord): Owner | null {
      return Owner.of(loaded.record.fields.owner, link);
    }

    @FieldResolver(() => JSONValue, {
      nullable: true,
      description: "The CRM’s own record, limited to the parts that crmesh read. Requires the scope raw:read.",
    })
    raw(@Root() record: CrmRecord, @Ctx() context: OperationContext): Record<string, unknown> {
      return record.rawFor(context);
    }
  }
  return RecordFieldsResolver;
}
