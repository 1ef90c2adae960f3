/** The result of one check. */
export interface Finding {
  /** The checked part, e.g. `store` or `oauth hubspot`. */
  check: string;
  /** `warning`: it works, but somebody should look at it. `skipped`: there was nothing to check, or it could not be checked. */
  status: "ok" | "skipped" | "warning" | "failed";
  message: string;
  /** What to do. Absent if there is nothing to do. */
  advice?: string;
}
