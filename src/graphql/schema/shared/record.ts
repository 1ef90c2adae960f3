import { Field, ID, ObjectType } from "type-graphql";
import { requireScope } from "../../../connections/access/principal.js";
import type { EdgeName, ResourceName } from "../../../providers/contract/model.js";
import { encodeGlobalId } from "../../operation/global-id.js";
import type { OperationContext } from "../../operation/context.js";
import type { OpenConnection } from "../../operation/open-connection.js";
import type { Loaded } from "../../operation/resource-service.js";
import { DateTime, URLValue } from "./scalars.js";
import { CustomField } from "./values.js";

/** Fields and links that contacts, leads and meetings have. */
@ObjectType()
export abstract class CrmRecord<Resource extends ResourceName = ResourceName> {
  @Field(() => ID, { simple: true, description: "Global id. Opaque, stable, and sufficient to find the record again." })
  get id(): string {
    return encodeGlobalId({ resource: this.resource, connectionId: this.link.record.id, nativeId: this.nativeId });
  }

  @Field(() => String, { simple: true, description: "The CRM’s own id." })
  nativeId!: string;

  @Field(() => DateTime, { nullable: true, simple: true, description: "When the record was created in the CRM." })
  createdAt?: string | null;

  @Field(() => DateTime, { nullable: true, simple: true, description: "When the record was last changed in the CRM." })
  updatedAt?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    simple: true,
    description: "Time of the last activity on the record. Some CRMs store only the date.",
  })
  lastActivityAt?: string | null;

  @Field(() => URLValue, { nullable: true, simple: true, description: "URL of the record’s page in the CRM." })
  url?: string | null;

  @Field(() => [String], { nullable: true, simple: true, description: "Tags. Null if the CRM has no tags." })
  tags?: string[] | null;

  @Field(() => [CustomField], { simple: true, description: "Custom fields that the account has added in the CRM." })
  customFields?: CustomField[];

  readonly link!: OpenConnection;
  readonly loaded!: Loaded<Resource>;
  protected abstract readonly resource: Resource;

  /** Returns the native ids at the other end of an edge. Requests them from the CRM if the record does not contain them. */
  async linkedIds(edge: EdgeName): Promise<{ ids: readonly string[]; complete: boolean }> {
    const ids = this.inlineIds(edge);
    return ids ? { ids, complete: true } : this.link.loaders.edges(this.resource, edge).load(this.nativeId);
  }

  /** Returns the native ids at the other end of an edge, if the record contains them. */
  inlineIds(edge: EdgeName): readonly string[] | undefined {
    return this.loaded.record.links[edge];
  }

  /** Returns the native record. @throws CrmError FORBIDDEN without the scope raw:read */
  rawFor(context: OperationContext): Record<string, unknown> {
    requireScope(context.principal, "raw:read");
    return this.loaded.record.raw;
  }
}

/** Makes a GraphQL object from a record. Fields that the CRM does not have stay undefined, which GraphQL returns as null. */
export function fromLoaded<Type extends CrmRecord>(
  type: new () => Type,
  loaded: Loaded,
  defaults: Partial<Type>,
): Type {
  return Object.assign(new type(), defaults, loaded.record.fields, {
    nativeId: loaded.record.nativeId,
    link: loaded.link,
    loaded,
  });
}
