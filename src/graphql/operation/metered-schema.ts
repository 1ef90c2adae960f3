import {
  getNamedType,
  getNullableType,
  isLeafType,
  isListType,
  isNonNullType,
  TypeNameMetaFieldDef,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from "graphql";
import type { OperationBudget } from "./response-budget.js";
import { fieldsBelow, inTurns, type PendingTurns } from "./turns.js";
import { wrapResolvers } from "./wrap-resolvers.js";

/** The members of a resolver context that the counting needs. */
export interface MeteredContext {
  /** Null until the operation is analysed. */
  budget: OperationBudget | null;
  readonly turns?: PendingTurns;
  /** @throws CrmError if the caller has hung up */
  beginMutationField(): void;
}

type Resolver = GraphQLFieldResolver<unknown, MeteredContext>;

/**
 * Makes every field of a schema count its values against the budget of the operation. Once a bound is exceeded, no more
 * fields are resolved: lists are empty and nullable fields are null. The answer plugin adds the error.
 */
export function meterSchema(schema: GraphQLSchema): GraphQLSchema {
  // No type has the field `__typename`: graphql-js has one for all types of a process.
  const { type, resolve } = TypeNameMetaFieldDef;
  TypeNameMetaFieldDef.resolve = metered(type, resolve!) as GraphQLFieldResolver<unknown, unknown>;
  return wrapResolvers<MeteredContext>(schema, ({ field, resolve, isMutation }) => {
    const counting = metered(field.type, resolve);
    return isMutation ? begun(counting) : counting;
  });
}

/** Lets a mutation field begin only while the caller is connected and the answer has room for the outcome. */
function begun(resolve: Resolver): Resolver {
  return (source, args, context, info) => {
    context.beginMutationField();
    if (context.budget?.exceeded) throw context.budget.exceeded.with({ outcome: "NOT_SENT" });
    return resolve(source, args, context, info);
  };
}

/** Makes a resolver of this type count its values. */
export function metered<Context extends MeteredContext>(
  type: GraphQLOutputType,
  resolve: GraphQLFieldResolver<unknown, Context>,
): GraphQLFieldResolver<unknown, Context> {
  const isList = isListType(getNullableType(type));
  const isLeaf = isLeafType(getNamedType(type));
  const isObject = !isLeaf && !isList;
  const empty = isList ? [] : isNonNullType(type) ? undefined : null;

  /** Counts a value. Returns the value, or an empty value once the budget is exceeded. */
  function counted(value: unknown, budget: OperationBudget, info: GraphQLResolveInfo, turns?: PendingTurns): unknown {
    const key = info.path.key as string;
    if (!budget.exceeded) {
      if (!isList) budget.takeValue(value, key);
      else if (Array.isArray(value)) {
        if (isLeaf) budget.takeValues(value, key);
        else budget.takeObjects(value.length, key);
      }
    }
    if (!isList || !Array.isArray(value)) return value;
    if (!budget.exceeded) return isLeaf ? value : inTurns(value, fieldsPerItem(info), turns);
    // The loads of these items have begun. Their failures no longer belong to an answer.
    for (const item of value) if (item instanceof Promise) item.catch(() => undefined);
    return empty;
  }

  return (source, args, context, info) => {
    const budget = context?.budget;
    if (!budget) return resolve(source, args, context, info);
    const key = info.path.key as string;
    // The object is counted before its load begins, so that no load is wasted.
    if (isObject && !budget.exceeded) budget.takeObjects(1, key);
    if (budget.exceeded && empty !== undefined) return empty;
    const value: unknown = resolve(source, args, context, info);
    if (isObject) return value;
    return value instanceof Promise
      ? value.then((resolved: unknown) => counted(resolved, budget, info, context.turns))
      : counted(value, budget, info, context.turns);
  };
}

function fieldsPerItem({ fieldNodes, fragments }: GraphQLResolveInfo): number {
  return fieldNodes.reduce((fields, node) => fields + fieldsBelow(node, fragments), 0);
}
