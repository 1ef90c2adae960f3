const TAG = /<(\/?)([a-zA-Z][a-zA-Z0-9]{0,20})(?![a-zA-Z0-9])([^<>]*)>/g;
const EVENT_ATTRIBUTE = /\son[a-z]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/gi;
const DROPPED_WITH_CONTENT = new Set(["script", "style"]);
const KEPT_TAGS = new Set(
  (
    "a abbr article b blockquote br caption cite code dd del div dl dt em figure font footer h1 h2 h3 h4 h5 h6 header hr i " +
    "img ins kbd li main mark nav ol p pre q s samp section small span strike strong sub sup table tbody td tfoot th thead " +
    "time tr u ul var"
  ).split(" "),
);

/** Sanitizes a value of an html field as Odoo does: wraps bare text, and drops scripts and unknown tags. */
export function sanitizeHtml(value: string): string {
  if (value === "") return "";
  let kept = "";
  let end = 0;
  let dropping: string | null = null;
  for (const match of value.matchAll(TAG)) {
    const [whole, slash = "", tag = "", attributes = ""] = match;
    const name = tag.toLowerCase();
    if (dropping === null) kept += escapeText(value.slice(end, match.index));
    end = match.index + whole.length;
    if (dropping !== null) dropping = slash === "/" && name === dropping ? null : dropping;
    else if (DROPPED_WITH_CONTENT.has(name)) dropping = slash === "" ? name : null;
    else if (KEPT_TAGS.has(name)) kept += `<${slash}${name}${attributes.replace(EVENT_ATTRIBUTE, "")}>`;
  }
  if (dropping === null) kept += escapeText(value.slice(end));
  return kept.startsWith("<") ? kept : `<p>${kept}</p>`;
}

/** Converts a plain text to the HTML that Odoo's editor would save. */
export function htmlOfText(text: string): string {
  return `<p>${text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\n", "<br>")}</p>`;
}

function escapeText(text: string): string {
  return text
    .replace(/&(?!#?[a-zA-Z0-9]{1,10};)/g, "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
