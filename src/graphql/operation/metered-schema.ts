import {
  defaultFieldResolver,
  getNamedType,
  getNullableType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from "graphql";
import type { OperationBudget } from "./budget.js";
import { fieldsBelow, inTurns } from "./turns.js";

/** What a resolver's context must have for its values to be counted. */
export interface MeteredContext {
  /** null until the operation is known. */
  budget: OperationBudget | null;
  /** @throws CrmError when the caller has hung up */
  beginMutationField(): void;
}

type Resolver = GraphQLFieldResolver<unknown, MeteredContext>;

/**
 * Makes every field of a schema count what it answers against the operation's budget. Beyond a bound nothing more is
 * resolved: lists are empty, and what may be null is null; whoever sends the answer says why.
 *
 * The types of introspection are counted, too. They belong to graphql-js, which has one of each for all schemas of a process.
 */
export function meterSchema(schema: GraphQLSchema): GraphQLSchema {
  const mutations = schema.getMutationType();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const resolve = metered(field);
      field.resolve = (type === mutations ? begun(resolve) : resolve) as GraphQLFieldResolver<unknown, unknown>;
    }
  }
  return schema;
}

/** A mutation field begins only while somebody waits for its outcome and there is room to tell it. */
function begun(resolve: Resolver): Resolver {
  return (source, args, context, info) => {
    context.beginMutationField();
    if (context.budget?.exceeded) throw context.budget.exceeded.with({ outcome: "NOT_SENT" });
    return resolve(source, args, context, info);
  };
}

function metered({ type, resolve: given }: GraphQLField<unknown, unknown>): Resolver {
  const resolve = (given ?? defaultFieldResolver) as Resolver;
  const isList = isListType(getNullableType(type));
  const isLeaf = isLeafType(getNamedType(type));
  const isObject = !isLeaf && !isList;
  const empty = isList ? [] : isNonNullType(type) ? undefined : null;

  /** What the answer gets of a value: all of it, or nothing beyond the budget. */
  function counted(value: unknown, budget: OperationBudget, info: GraphQLResolveInfo): unknown {
    const key = info.path.key as string;
    if (!budget.exceeded) {
      if (!isList) budget.takeValue(value, key);
      else if (Array.isArray(value)) {
        if (isLeaf) budget.takeValues(value, key);
        else budget.takeObjects(value.length, key);
      }
    }
    if (!isList || !Array.isArray(value)) return value;
    if (!budget.exceeded) return isLeaf ? value : inTurns(value, fieldsPerItem(info));
    // Their loads have begun. Whether one fails is part of no answer any more.
    for (const item of value) if (item instanceof Promise) item.catch(() => undefined);
    return empty;
  }

  return (source, args, context, info) => {
    const budget = context?.budget;
    if (!budget) return resolve(source, args, context, info);
    const key = info.path.key as string;
    // Counted before its load begins, so that no load begins in vain.
    if (isObject && !budget.exceeded) budget.takeObjects(1, key);
    if (budget.exceeded && empty !== undefined) return empty;
    const value: unknown = resolve(source, args, context, info);
    if (isObject) return value;
    return value instanceof Promise
      ? value.then((resolved: unknown) => counted(resolved, budget, info))
      : counted(value, budget, info);
  };
}

function fieldsPerItem({ fieldNodes, fragments }: GraphQLResolveInfo): number {
  return fieldNodes.reduce((fields, node) => fields + fieldsBelow(node, fragments), 0);
}
