import type { ExplorerSettings } from "../src/http/explorer/settings.js";

/** The element that a page of the explorer begins with. */
export function rootElement(): HTMLElement {
  return document.getElementById("explorer")!;
}

/** What the server says to the page. */
export function readSettings(): ExplorerSettings {
  return JSON.parse(rootElement().dataset["settings"]!) as ExplorerSettings;
}
