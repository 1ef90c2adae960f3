import type { GraphQLNamedType } from "graphql";

/** The extension in which a renamed type keeps the name that it has in `schema.graphql`. */
export const UNIFIED_NAME = "unifiedName";

/** The name that a type has in `schema.graphql`. A subgraph with a prefix renames its types. */
export function unifiedTypeName({ name, extensions }: GraphQLNamedType): string {
  return (extensions[UNIFIED_NAME] as string | undefined) ?? name;
}
