import type { OrderBy, ResourceFilters } from "./input.js";
import type { ResourceName } from "./model.js";
import type { Selection } from "./selection.js";

export interface ListQuery<Resource extends ResourceName = ResourceName> {
  filter: ResourceFilters[Resource];
  orderBy: OrderBy<Resource> | null;
  /** Maximum number of records. A page may have fewer although there are more. */
  limit: number;
  /** `next` of the previous page. Null for the first page. */
  cursor: string | null;
  select: Selection;
}
