import { readFile } from "node:fs/promises";

/** In the order of the cascade. The build copies them beside the compiled files. */
const FILES = ["theme.css", "page.css", "parts.css", "forms.css"] as const;

/** Reads the styles of the pages, which are one file for browsers. */
export async function readStylesheet(): Promise<string> {
  const read = (name: string) => readFile(new URL(`./styles/${name}`, import.meta.url), "utf8");
  return (await Promise.all(FILES.map(read))).join("\n");
}
