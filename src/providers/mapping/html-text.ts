import { convert, type HtmlToTextOptions } from "html-to-text";

/** Text as the HTML that a CRM's rich-text field wants; `htmlToText` gives exactly the text back. */
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

/** The readable text of a CRM's rich-text field; null when there is none. */
export function htmlToText(html: string): string | null {
  // What textToHtml wrote, with or without the paragraph that CRMs put around it, is undone exactly: a general
  // converter would fold white space.
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
