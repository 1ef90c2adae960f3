import { getNamedType, isObjectType, type GraphQLField, type GraphQLResolveInfo, type GraphQLSchema } from "graphql";
import { Extensions } from "type-graphql";
import { requireScope, type Scope } from "../../../connections/access/principal.js";
import type { OperationContext } from "../../operation/context.js";
import { isIncluded, walkSelections } from "../../operation/document-walk.js";
import { wrapResolvers } from "../../operation/wrap-resolvers.js";

/** Declares the scopes that an API key needs for a field. `guardScopes` enforces them. */
export function RequiresScope(...scopes: Scope[]) {
  return Extensions({ scopes });
}

/**
 * Makes every field with `RequiresScope` answer FORBIDDEN to keys without its scopes. The result of a mutation is a read:
 * the scopes of the fields that are selected of it are checked before anything is written. The descriptions of the fields
 * name the scopes.
 */
export function guardScopes(schema: GraphQLSchema): GraphQLSchema {
  return wrapResolvers<OperationContext>(schema, ({ field, resolve, isMutation }) => {
    const scopes = scopesOf(field);
    if (scopes.length === 0 && !isMutation) return null;
    if (scopes.length > 0) field.description = withScopes(field.description, scopes);
    return (source, args, context, info) => {
      for (const scope of scopes) requireScope(context.principal, scope);
      if (isMutation) requireScopesOfResult(context, info);
      return resolve(source, args, context, info);
    };
  });
}

/** Adds the required scopes to the description of a field, for readers of a schema who have no key. */
function withScopes(description: string | null | undefined, scopes: readonly Scope[]): string {
  const sentence = `Requires the scope ${scopes.join(" and ")}.`;
  return description ? `${description} ${sentence}` : sentence;
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
