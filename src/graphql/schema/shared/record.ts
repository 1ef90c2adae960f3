import { Arg, Field, ID, ObjectType } from "type-graphql";
import { CrmError } from "../../../errors/crm-error.js";
import type { CustomField as CustomFieldValue, EdgeName, ResourceName } from "../../../providers/contract/model.js";
import { encodeGlobalId } from "../../operation/global-id.js";
import type { OpenConnection } from "../../operation/open-connection.js";
import { assertRead, failureOf, type Loaded } from "../../operation/loaded.js";
import { DateTime, URLValue } from "./scalars.js";
import { CustomField } from "./values.js";

/** Fields and links that contacts, leads and meetings have. */
@ObjectType()
export abstract class CrmRecord<Resource extends ResourceName = ResourceName> {
  @Field(() => ID, { simple: true, description: "Global id. Opaque, stable, and sufficient to find the record again." })
  get id(): string {
    return encodeGlobalId({ kind: this.resource, connectionId: this.link.record.id, nativeId: this.nativeId });
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

  /** The fields that the operation selects, whichever of its selections names them; or why they could not be read. */
  customFields?: CustomFieldValue[] | CrmError | null;

  @Field(() => [CustomField], {
    name: "customFields",
    nullable: true,
    description:
      "Custom fields that the account has added in the CRM, or the fields with the given names. Null, with an error, if they cannot be read.",
  })
  selectedCustomFields(
    @Arg("keys", () => [String], {
      nullable: true,
      description:
        "The CRM’s own names of the fields to return: custom fields, and standard fields that have no place elsewhere in the graph, such as Birthdate or hs_lead_status. `Connection.customFieldDefinitions` lists them. Fields that the CRM does not have are left out. Defaults to all that the account has added.",
    })
    keys?: string[] | null,
  ): CustomFieldValue[] | null {
    const all = this.customFields;
    if (all instanceof CrmError) throw all;
    if (!all) return null;
    if (!keys) return all.filter(({ isStandard }) => !isStandard);
    const named = new Set(keys);
    return all.filter(({ key }) => named.has(key));
  }

  readonly link!: OpenConnection;
  readonly loaded!: Loaded<Resource>;
  protected abstract readonly resource: Resource;

  /** Returns the native ids at the other end of an edge. Requests them from the CRM if the record does not contain them. */
  async linkedIds(edge: EdgeName): Promise<{ ids: readonly string[]; complete: boolean }> {
    const ids = this.inlineIds(edge);
    return ids ? { ids, complete: true } : this.link.loaders.edges(this.resource, edge).load(this.nativeId);
  }

  /**
   * Returns the native ids at the other end of an edge, if the record contains them.
   * @throws CrmError of the call that should have brought them
   */
  inlineIds(edge: EdgeName): readonly string[] | undefined {
    assertRead(this.loaded, edge);
    return this.loaded.record.links[edge];
  }
}

/**
 * Makes a GraphQL object from a record. Fields that the CRM does not have stay undefined, which GraphQL returns as null.
 * The value of a field that could not be read is the error: graphql-js throws it for that field.
 */
export function fromLoaded<Type extends CrmRecord>(
  type: new () => Type,
  loaded: Loaded,
  defaults: Partial<Type>,
): Type {
  const { nativeId, fields, failures } = loaded.record;
  const record = Object.assign(new type(), defaults, fields, { nativeId, link: loaded.link, loaded });
  if (failures) for (const path of Object.keys(failures)) Object.assign(record, { [path]: failureOf(loaded, path) });
  return record;
}
