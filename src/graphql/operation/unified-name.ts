/** The extension in which a renamed type or root field keeps the name that it has in `schema.graphql`. */
export const UNIFIED_NAME = "unifiedName";

/** The name that a type or a field has in `schema.graphql`. A subgraph with a prefix renames its types and root fields. */
export function unifiedName({
  name,
  extensions,
}: {
  name: string;
  extensions: Readonly<Record<string, unknown>>;
}): string {
  return (extensions[UNIFIED_NAME] as string | undefined) ?? name;
}
