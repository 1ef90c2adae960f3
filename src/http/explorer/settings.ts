/** One query with which the explorer opens. */
export interface Example {
  /** An operation with a name, which is the title of its tab. */
  query: string;
  /** JSON. */
  variables?: string;
  /** JSON, with the headers of the API key and the end user. */
  headers: string;
}

/** What a page of the explorer gets from the server, as JSON in the attribute `data-settings` of its root element. */
export interface ExplorerSettings {
  /** Path of the graph. */
  endpoint: string;
  /** Headers of a new tab, as JSON. */
  headers: string;
  /** At least one. */
  examples: Example[];
  /** Path of the other explorer. */
  other: string;
  /** Paths of the scripts that check and complete what is typed in. */
  workers: Record<"editor" | "json" | "graphql", string>;
}
