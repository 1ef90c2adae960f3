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
    { selector: "a", options: { ignoreHref: true } },
    { selector: "img", format: "skip" },
    { selector: "ul", options: { itemPrefix: "- " } },
  ],
  limits: { maxInputLength: 2 ** 24 },
};

/** Reads the text of a rich-text field. Null if it has no text. */
export function htmlToText(html: string): string | null {
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
