import {
  defaultFieldResolver,
  getNamedType,
  isObjectType,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from "graphql";
import { Extensions } from "type-graphql";
import { requireScope, type Scope } from "../../../connections/access/principal.js";
import type { OperationContext } from "../../operation/context.js";
import { isIncluded, walkSelections } from "../../operation/document-walk.js";

/** Declares the scopes that an API key needs for a field. `guardScopes` enforces them. */
export function RequiresScope(...scopes: Scope[]) {
  return Extensions({ scopes });
}

type Resolver = GraphQLFieldResolver<unknown, OperationContext>;

/**
 * Makes every field with `RequiresScope` answer FORBIDDEN to keys without its scopes. The result of a mutation is a read:
 * the scopes of the fields that are selected of it are checked before anything is written.
 */
export function guardScopes(schema: GraphQLSchema): GraphQLSchema {
  const mutations = schema.getMutationType();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const scopes = scopesOf(field);
      if (type !== mutations && scopes.length === 0) continue;
      const resolve = (field.resolve ?? defaultFieldResolver) as Resolver;
      const guarded: Resolver = (source, args, context, info) => {
        for (const scope of scopes) requireScope(context.principal, scope);
        if (type === mutations) requireScopesOfResult(context, info);
        return resolve(source, args, context, info);
      };
      field.resolve = guarded as GraphQLFieldResolver<unknown, unknown>;
    }
  }
  return schema;
}

function scopesOf({ extensions }: GraphQLField<unknown, unknown>): readonly Scope[] {
  return (extensions["scopes"] as Scope[] | undefined) ?? [];
}

function requireScopesOfResult({ principal }: OperationContext, info: GraphQLResolveInfo): void {
  const result = getNamedType(info.returnType);
  if (!isObjectType(result)) return;
  const fields = result.getFields();
  for (const { selectionSet } of info.fieldNodes) {
    if (!selectionSet) continue;
    walkSelections(selectionSet, null, {
      fragments: new Map(Object.entries(info.fragments)),
      isIncluded: (selection) => isIncluded(selection, info.variableValues),
      keyOf: ({ name }) => name.value,
      enter: ({ node }) => {
        const field = fields[node.name.value];
        for (const scope of field ? scopesOf(field) : []) requireScope(principal, scope);
        return null;
      },
    });
  }
}
