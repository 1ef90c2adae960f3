import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "@jest/globals";

test("what the benchmarks import of the build exists as a source", async () => {
  const files = (await readdir("bench", { recursive: true })).filter(
    // The benchmark installs packages of its own, some of whose folders are named like files.
    (name) => name.endsWith(".js") && !name.includes("node_modules"),
  );
  const missing: string[] = [];
  let found = 0;
  for (const name of files) {
    const file = join("bench", name);
    for (const [, path] of (await readFile(file, "utf8")).matchAll(/"(\.[^"]*\/dist\/[^"]+)\.js"/g)) {
      found += 1;
      const source = resolve(dirname(file), path!).replace("/dist/", "/src/");
      if (!existsSync(`${source}.ts`)) missing.push(`${file}: ${path}`);
    }
  }
  expect(missing).toEqual([]);
  expect(found).toBeGreaterThan(5);
});
