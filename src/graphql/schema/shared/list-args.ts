import { ArgsType, Field, InputType } from "type-graphql";
import type { OrderBy, OrderField, ResourceFilters } from "../../../providers/contract/input.js";
import type { ResourceName } from "../../../providers/contract/model.js";
import type { ListArgs } from "../../operation/resource-service.js";
import { FirstAfterArgs } from "./args.js";
import type { InputClass } from "./input-class.js";
import { DirectionInput } from "./inputs.js";
import { TITLES } from "./names.js";

/** Makes the arguments of a list of records: the page, the filter and the sort order. */
export function listArgs<Resource extends ResourceName, Filter extends ResourceFilters[Resource]>(
  resource: Resource,
  filterType: InputClass<Filter, ResourceFilters[NoInfer<Resource>]>,
  orderFields: Record<OrderField<NoInfer<Resource>>, OrderField<NoInfer<Resource>>>,
): new () => ListArgs<Resource> {
  @InputType(`${TITLES[resource]}OrderBy`, { description: `Sort order of a list of ${resource}s.` })
  class OrderByInput extends DirectionInput implements OrderBy<Resource> {
    @Field(() => orderFields, { description: "Field to order by." })
    field!: OrderField<Resource>;
  }

  @ArgsType()
  class ResourceListArgs extends FirstAfterArgs implements ListArgs<Resource> {
    @Field(() => filterType, {
      nullable: true,
      description: `Return only ${resource}s that match. Defaults to all ${resource}s.`,
    })
    filter?: Filter | null;

    @Field(() => OrderByInput, { nullable: true, description: "Sort order. Defaults to the CRM’s own order." })
    orderBy?: OrderByInput | null;
  }

  return ResourceListArgs;
}
