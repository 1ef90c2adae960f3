/** A version in a path, such as `v66.0` or `2026-09`. */
const VERSION = /^(v\d+(\.\d+)*|20\d\d-\d\d)$/;
/** A word of an API's path, such as `oauth2`. A longer one, and one with more digits, may be the id of a record or a token. */
const WORD = /^[A-Za-z][A-Za-z_.-]{0,30}[0-9]?$/;
/** OData's key of a record, e.g. `contacts(1b2c…)`. */
const KEY = /\(.*\)$/;

/** The path of a URL with `{id}` in place of everything that may name a record, a person or a secret. Without the query. */
export function urlTemplate(url: string): string {
  return new URL(url).pathname
    .split("/")
    .map((segment, index, all) => {
      if (segment === "" || VERSION.test(segment) || WORD.test(segment)) return segment;
      // Odoo's JSON-2.
      if (segment === "2" && all[index - 1] === "json") return segment;
      const set = segment.replace(KEY, "");
      return set !== segment && WORD.test(set) ? `${set}({id})` : "{id}";
    })
    .join("/");
}
