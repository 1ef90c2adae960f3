import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SRC = join(ROOT, "src");

/** All pages that are written by hand or generated, without the decisions: they describe the code of their day. */
const PAGES = [
  "README.md",
  ...readdirSync(join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
  ...readdirSync(join(ROOT, "docs/providers")).map((name) => `docs/providers/${name}`),
];

const DECISIONS = readdirSync(join(ROOT, "docs/adr")).map((name) => `docs/adr/${name}`);

const textOf = (page: string) => readFileSync(join(ROOT, page), "utf8");

/** The files and folders that a page names in code quotes, if they begin with a folder of the repository or of `src`. */
function pathsIn(text: string): string[] {
  const tops = ["src", "test", "bench", "docs", "examples", ...readdirSync(SRC)];
  const quoted = [...text.matchAll(/`([a-z][\w.-]*(?:\/[\w.-]+)+\/?)`/g)].map(([, path]) => path!);
  return quoted.filter((path) => tops.includes(path.split("/")[0]!) && /(?:\.(?:tsx?|js|md)|\/)$|^src\//.test(path));
}

const isThere = (path: string) => existsSync(join(ROOT, path)) || existsSync(join(SRC, path));

describe("paths in the documents", () => {
  test("many are found", () => {
    expect(pathsIn(textOf("docs/architecture.md")).length).toBeGreaterThan(50);
  });

  test.each(PAGES)("%s names only files and folders that exist", (page) => {
    expect(pathsIn(textOf(page)).filter((path) => !isThere(path))).toEqual([]);
  });

  test.each([...PAGES, ...DECISIONS, "CHANGELOG.md"])("%s links only to files that exist", (page) => {
    const links = [...textOf(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link]) => link!);
    expect(links.filter((link) => !existsSync(join(ROOT, dirname(page), link)))).toEqual([]);
  });
});

describe("functions in docs/architecture.md", () => {
  /** `name` (`path`), as the page names a function and its file. */
  const named = [...textOf("docs/architecture.md").matchAll(/`([A-Za-z][\w.]*)`\s+\(`(src\/[^`]+\.tsx?)`/g)].map(
    ([, name, path]) => [name!, path!] as const,
  );

  test("many are found", () => {
    expect(named.length).toBeGreaterThan(25);
  });

  /** Of a method, the last part of the name is declared in the file: `async list(`, `list: (`. */
  const declares = (path: string, name: string) =>
    new RegExp(`\\b${name.split(".").at(-1)!}\\b\\s*(?:[(<:={]|extends|implements)`).test(textOf(path));

  test("each is in the file that the page names", () => {
    expect(named.filter(([name, path]) => !declares(path, name))).toEqual([]);
  });
});
