import { Ctx, FieldResolver, ID, Resolver, Root, type ClassType } from "type-graphql";
import { Connection } from "./connection/connection.type.js";
import { OperationContext } from "../operation/context.js";
import { fieldOf } from "../operation/loaded.js";
import { Provider } from "./provider/provider.js";
import { Owner } from "./shared/owner.js";
import type { CrmRecord } from "./shared/record.js";
import { RequiresScope } from "./shared/requires-scope.js";
import { JSONValue } from "./shared/scalars.js";

/** Makes the field resolvers that every record type has. */
export function recordFieldsResolver(recordType: () => ClassType<CrmRecord>) {
  @Resolver(recordType)
  class RecordFieldsResolver {
    @FieldResolver(() => Provider, { description: "The CRM that the record is in." })
    provider(@Root() { link }: CrmRecord): Provider {
      return new Provider(link.provider);
    }

    @FieldResolver(() => String, { description: "Slug of the CRM that the record is in, e.g. hubspot." })
    providerSlug(@Root() { link }: CrmRecord): string {
      return link.provider.slug;
    }

    @FieldResolver(() => ID, { description: "Your own id of the end user whose CRM the record is in." })
    async endUserId(@Root() { link }: CrmRecord, @Ctx() context: OperationContext): Promise<string> {
      return (await context.directory.endUsersById.load(link.record.endUserId)).externalId;
    }

    @FieldResolver(() => Connection, { description: "The CRM connection that the record was read through." })
    connection(@Root() { link }: CrmRecord): Connection {
      return new Connection(link.record);
    }

    @FieldResolver(() => Owner, { nullable: true, description: "The CRM user who owns the record." })
    owner(@Root() record: CrmRecord): Owner | null {
      return Owner.of(fieldOf(record.loaded, "owner"), record.link);
    }

    @RequiresScope("raw:read")
    @FieldResolver(() => JSONValue, {
      nullable: true,
      description:
        "The CRM’s own record, limited to the parts that crmesh read. Numbers with more digits than a double (IEEE 754) gives " +
        "back are strings of digits.",
    })
    raw(@Root() { loaded }: CrmRecord): Record<string, unknown> {
      return loaded.record.raw;
    }
  }
  return RecordFieldsResolver;
}
