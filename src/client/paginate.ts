/** A page of a list (Relay's connection), by its nodes or by its edges. */
export type Page<Node> = {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null | undefined };
} & ({ readonly nodes: readonly Node[] } | { readonly edges: readonly { readonly node: Node }[] });

export interface PaginateOptions {
  /** Where to begin: the `endCursor` of a page that was read before. */
  readonly after?: string | null | undefined;
  /** The most pages to read. Defaults to 1,000. */
  readonly maxPages?: number;
  readonly signal?: AbortSignal | undefined;
}

/** The pages of a list cannot be read on. What was yielded before is right. */
export class PagingError extends Error {
  override readonly name = "PagingError";
}

/**
 * Reads a list page by page, each when its nodes are wanted, and yields its nodes. A node that crmesh could not read is
 * null.
 * @param load reads the page after a cursor; null stands for the beginning
 * @throws PagingError if a page is missing, if a cursor does not move, or if there are more than `maxPages` pages
 * @throws what `load` throws
 * @throws the reason of `signal` after an abort
 */
export async function* paginate<Node>(
  load: (after: string | null) => Promise<Page<Node> | null | undefined>,
  { after = null, maxPages = 1_000, signal }: PaginateOptions = {},
): AsyncGenerator<Node, void, undefined> {
  const seen = new Set<string | null>([after]);
  for (let page = 1, cursor = after; ; page += 1) {
    if (page > maxPages) throw new PagingError(`There are more than ${maxPages} pages (maxPages).`);
    signal?.throwIfAborted();
    const loaded = await load(cursor);
    if (!loaded) throw new PagingError("There is no page, but an error in its place. Read `errors` of the answer.");
    yield* "nodes" in loaded ? loaded.nodes : loaded.edges.map(({ node }) => node);
    if (!loaded.pageInfo.hasNextPage) return;
    cursor = loaded.pageInfo.endCursor ?? null;
    if (seen.has(cursor)) throw new PagingError("The cursor of the next page does not move: select endCursor.");
    seen.add(cursor);
  }
}
