import { readFile } from "node:fs/promises";
import { expect, test } from "@jest/globals";
import { MERGE_KEYS } from "../../src/graphql/operation/merged/rank.js";
import { supportOf } from "../../src/graphql/operation/merged/support.js";
import { RESOURCES } from "../../src/providers/contract/model.js";
import { providers } from "../../src/providers/index.js";

/** The cells of each row of the table in the document, without spaces around them. */
async function documentedRows(): Promise<string[][]> {
  const text = await readFile(new URL("../../docs/merged-lists.md", import.meta.url), "utf8");
  const table = text.split("<!-- table -->")[1]!.split("<!-- /table -->")[0]!;
  const lines = table.split("\n").filter((line) => line.startsWith("|") && !/^\|[\s|-]+$/.test(line));
  return lines.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test("docs/merged-lists.md says of every CRM, resource and key whether the order is native", async () => {
  const columns = RESOURCES.flatMap((resource) => MERGE_KEYS[resource].map((key) => ({ resource, key })));
  const head = ["CRM", ...columns.map(({ resource, key }) => `${resource}s ${key}`)];
  const rows = providers.all.map((provider) => [
    provider.name,
    ...columns.map(({ resource, key }) => {
      const { way } = supportOf(provider, resource, key, []);
      return way === "UNSUPPORTED" ? "–" : way.toLowerCase();
    }),
  ]);
  expect(await documentedRows()).toEqual([head, ...rows]);
});
