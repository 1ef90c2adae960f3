import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { generatedFile, generatedFolder } from "../../src/cli/generated.js";

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "crmesh-generated-"))));
afterEach(() => rm(folder, { recursive: true }));

const PAGES = { "a.md": "A\n", "b.md": "B\n" };

test("a file is stale when it differs or is not there", async () => {
  const file = join(folder, "schema.graphql");
  await expect(generatedFile({ check: file }, "type A")).rejects.toThrow(/is stale/);
  await generatedFile({ write: file }, "type A");
  await expect(generatedFile({ check: file }, "type A")).resolves.toBeUndefined();
  await expect(generatedFile({ check: file }, "type B")).rejects.toThrow(/is stale/);
});

test("a folder is stale when a page differs, is missing or is left over", async () => {
  const pages = join(folder, "pages");
  await expect(generatedFolder({ check: pages }, PAGES)).rejects.toThrow(/is stale/);
  await generatedFolder({ write: pages }, PAGES);
  await expect(generatedFolder({ check: pages }, PAGES)).resolves.toBeUndefined();
  await expect(generatedFolder({ check: pages }, { ...PAGES, "a.md": "C\n" })).rejects.toThrow(/a\.md is stale/);
  await writeFile(join(pages, "old.md"), "");
  await expect(generatedFolder({ check: pages }, PAGES)).rejects.toThrow(/is stale/);
  await generatedFolder({ write: pages }, PAGES);
  expect(await readdir(pages)).toEqual(["a.md", "b.md"]);
});
