/** One version of a vendor's API, and the paths at which the adapter calls it. */
export interface ApiVersion {
  /** The vendor's name of the version, such as `v66.0`. */
  readonly name: string;
  /** The beginnings of the paths. Each ends where a segment of the path ends. */
  readonly paths: readonly string[];
  /**
   * The day on which the vendor's support ends, as `YYYY-MM-DD`. If the vendor names only a month or a season, it is the
   * first day that this can mean, and `note` says so. Null if the vendor names no end.
   */
  readonly supportedUntil: string | null;
  /** Address of the vendor's document that says so, or that describes the version. */
  readonly source: string;
  /** What the document leaves open. Absent if nothing. */
  readonly note?: string;
}
