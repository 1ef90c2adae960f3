import { convert, type HtmlToTextOptions } from "html-to-text";

/** Converts a text to the HTML of a rich-text field. `htmlToText` restores the text exactly. */
export function textToHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replace(/\r\n?|\n/g, "<br>");
}

const OPTIONS: HtmlToTextOptions = {
  wordwrap: false,
  selectors: [
    {
      selector: "a",
      // A person sees where a link leads, so its address is a part of the text: `here <https://example.com>`.
      options: { linkBrackets: ["<", ">"], hideLinkHrefIfSameAsText: true, pathRewrite: shownAddress },
    },
    { selector: "img", format: "skip" },
    { selector: "ul", options: { itemPrefix: "- " } },
    { selector: "table", format: "dataTable", options: { uppercaseHeaderCells: false } },
    ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({ selector, options: { uppercase: false } })),
  ],
  limits: { maxInputLength: 2 ** 24 },
};

/** The address of a link as a text shows it. None for scripts, places on the same page and the like. */
function shownAddress(href: string): string {
  return /^(https?:\/\/|tel:|[^\s:/]+@[^\s:/]+$)/i.test(href) ? href : "";
}

/** The elements of HTML that CRMs store, or that hide their text. */
const ELEMENTS =
  "a abbr address article aside audio b base bdi bdo big blockquote body br button canvas caption center cite code col " +
  "colgroup dd del details dfn div dl dt em embed fieldset figcaption figure font footer form h[1-6] head header hr html i " +
  "iframe img input ins kbd label legend li link main map mark meta nav noscript object ol option p picture pre q s samp " +
  "script section select small source span strike strong style sub summary sup svg table tbody td template textarea tfoot " +
  "th thead time title tr tt u ul var video wbr o:p";

/** A bracket that begins no element, as in `Ann <ann@example.com>` and `here<https://example.com>`. */
const PLAIN_BRACKET = new RegExp(
  `<(?!/?(?:${ELEMENTS.replaceAll(" ", "|")})(?:[\\s/][^<]*)?>|!--|!doctype|\\?xml)`,
  "gi",
);

/** Reads the text of a rich-text field, as a person would read it. Null if it has no text. */
export function htmlToText(stored: string): string | null {
  const html = stored.replace(PLAIN_BRACKET, "&lt;");
  // The output of textToHtml is reversed exactly, also within the paragraph that some CRMs add. A general converter
  // would fold its white space.
  const inner = html.replace(/^<p>([^]*)<\/p>$/, "$1");
  if (!/<(?!br\s*\/?>)/i.test(inner) && !FOREIGN_ENTITY.test(inner)) {
    const text = decode(inner.replace(/<br\s*\/?>/gi, "\n"));
    return text.trim() === "" ? null : text;
  }
  return convert(html, OPTIONS).replaceAll("\u00a0", " ").trim() || null;
}

const ENTITIES: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  "#34": '"',
  "#39": "'",
  "#x27": "'",
};

/** An entity that only the general converter knows. */
const FOREIGN_ENTITY = new RegExp(`&(?!(?:${Object.keys(ENTITIES).join("|")});)#?\\w+;`, "i");

function decode(text: string): string {
  return text.replace(/&(#?\w+);/g, (entity, name: string) => ENTITIES[name.toLowerCase()] ?? entity);
}
