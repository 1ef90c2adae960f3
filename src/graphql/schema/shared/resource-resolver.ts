import { Arg, Args, Ctx, Mutation, Query, Resolver } from "type-graphql";
import type { ResourceInputs } from "../../../providers/contract/input.js";
import type { ResourceName } from "../../../providers/contract/model.js";
import { OperationContext } from "../../operation/context.js";
import type { Loaded } from "../../operation/loaded.js";
import { RESOURCE_SERVICES, type ListArgs } from "../../operation/resource-service.js";
import { targetConnection, targetRecord } from "../../operation/target.js";
import { ProviderArgs, RecordArgs } from "./args.js";
import type { InputClass } from "./input-class.js";
import { TITLES } from "./names.js";
import type { PageValue } from "./page-types.js";
import { listPage } from "./record-pages.js";
import type { CrmRecord } from "./record.js";
import { DeletedRecord } from "./values.js";

/** The GraphQL types of one resource. */
export interface ResourceTypes<
  Resource extends ResourceName,
  Type extends CrmRecord<Resource>,
  Input extends ResourceInputs[Resource],
> {
  record: (new () => Type) & { from: (loaded: Loaded<Resource>) => Type };
  page: new () => { nodes: (Type | null)[] };
  input: InputClass<Input, ResourceInputs[Resource]>;
  listArgs: new () => ListArgs<Resource>;
  /** @throws CrmError for an input that no CRM can accept */
  assertInput?: (input: ResourceInputs[Resource]) => void;
}

/** Makes the queries and mutations that every resource has. The resolver of a resource extends the returned class. */
export function resourceResolver<
  Resource extends ResourceName,
  Type extends CrmRecord<Resource>,
  Input extends ResourceInputs[Resource],
>(resource: Resource, { record, page, input, listArgs, assertInput }: ResourceTypes<NoInfer<Resource>, Type, Input>) {
  const service = RESOURCE_SERVICES[resource];
  const scopes = `Requires the scope ${resource}s:write, and ${resource}s:read to select more than the ids.`;

  @Resolver()
  abstract class ResourceResolver {
    @Query(() => record, {
      name: resource,
      nullable: true,
      description: `One ${resource}, by its id. Requires the scope ${resource}s:read.`,
    })
    async get(@Args(() => RecordArgs) args: RecordArgs, @Ctx() context: OperationContext): Promise<Type> {
      const { connection, nativeId } = await targetRecord(context, resource, args);
      return record.from(await service.get(context, connection, nativeId));
    }

    @Query(() => page, {
      name: `${resource}s`,
      nullable: true,
      description: `${TITLES[resource]}s in one CRM of an end user. Requires the scope ${resource}s:read.`,
    })
    async list(
      @Args(() => ProviderArgs) target: ProviderArgs,
      @Args(() => listArgs) args: ListArgs<Resource>,
      @Ctx() context: OperationContext,
    ): Promise<PageValue<Type>> {
      return listPage(context, await targetConnection(context, target), resource, args, record.from);
    }

    @Mutation(() => record, {
      name: `create${TITLES[resource]}`,
      nullable: true,
      description: `Creates a ${resource} in a CRM. ${scopes}`,
    })
    async create(
      @Args(() => ProviderArgs) target: ProviderArgs,
      @Arg("input", () => input, { description: "Fields of the new record." }) given: ResourceInputs[Resource],
      @Ctx() context: OperationContext,
    ): Promise<Type> {
      assertInput?.(given);
      const connection = await targetConnection(context, target);
      return record.from(await service.create(context, connection, given));
    }

    @Mutation(() => record, {
      name: `update${TITLES[resource]}`,
      nullable: true,
      description: `Updates a ${resource}. Absent fields are unchanged; null clears a field. ${scopes}`,
    })
    async update(
      @Args(() => RecordArgs) args: RecordArgs,
      @Arg("input", () => input, { description: "Fields to change." }) given: ResourceInputs[Resource],
      @Ctx() context: OperationContext,
    ): Promise<Type> {
      assertInput?.(given);
      const { connection, nativeId } = await targetRecord(context, resource, args);
      return record.from(await service.update(context, connection, nativeId, given));
    }

    @Mutation(() => DeletedRecord, {
      name: `delete${TITLES[resource]}`,
      nullable: true,
      description: `Deletes a ${resource} in its CRM. Requires the scope ${resource}s:write.`,
    })
    async delete(@Args(() => RecordArgs) args: RecordArgs, @Ctx() context: OperationContext): Promise<DeletedRecord> {
      const { connection, nativeId } = await targetRecord(context, resource, args);
      return service.delete(context, connection, nativeId);
    }
  }
  return ResourceResolver;
}
