import {
  Kind,
  type ASTNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type DocumentNode,
  type SelectionSetNode,
} from "graphql";
import { invalidInput } from "../../errors/crm-error.js";
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from "../paging/page-size.js";

/** Fields that read a page of records, each at most as many as `first` says. */
const LISTS = new Set(["contacts", "leads", "meetings"]);
/** How many connections an end user is reckoned to have, for what is asked of all of them. */
const ASSUMED_CONNECTIONS = 10;

/**
 * Bounds the records that one operation may read from CRMs, counted as the product of its nested page sizes.
 * @throws CrmError INVALID_INPUT naming the cost and the bound
 */
export function assertAffordable(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
  maxRecords: number,
): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);

  function costOf({ selections }: SelectionSetNode, times: number): number {
    let cost = 0;
    for (const node of selections) {
      if (node.kind === Kind.FIELD) cost += fieldCost(node, times);
      else {
        const selectionSet =
          node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value)?.selectionSet : node.selectionSet;
        if (selectionSet) cost += costOf(selectionSet, times);
      }
    }
    return cost;
  }

  function fieldCost(node: FieldNode, times: number): number {
    const records = times * multiplier(node, variables);
    const own = records === times ? 0 : records;
    return own + (node.selectionSet ? costOf(node.selectionSet, records) : 0);
  }

  const cost = costOf(operation.selectionSet, 1);
  if (cost <= maxRecords) return;
  throw invalidInput({
    query: `This operation may read up to ${cost} records; at most ${maxRecords} are allowed. Ask for smaller pages or fewer levels.`,
  });
}

function multiplier(node: FieldNode, variables: Record<string, unknown>): number {
  const name = node.name.value;
  if (name === "nodes" && node.arguments?.length) {
    const ids = argument(node, "ids", variables);
    return Array.isArray(ids) ? Math.max(1, ids.length) : 1;
  }
  if (name === "connections") return ASSUMED_CONNECTIONS;
  if (!LISTS.has(name) || !node.selectionSet) return 1;
  const first = Number(argument(node, "first", variables) ?? DEFAULT_PAGE_SIZE);
  return Math.min(Math.max(first, 1), MAX_PAGE_SIZE);
}

function argument(node: FieldNode, name: string, variables: Record<string, unknown>): unknown {
  const value = node.arguments?.find((argument) => argument.name.value === name)?.value as ASTNode | undefined;
  if (value?.kind === Kind.VARIABLE) return variables[value.name.value];
  if (value?.kind === Kind.INT) return Number(value.value);
  if (value?.kind === Kind.LIST) return value.values;
  return undefined;
}
