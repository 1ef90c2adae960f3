import { readdir, readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { minify, transform } from "@swc/core";
import { expect, test } from "@jest/globals";
import { swcOptions } from "../../swc.config.js";

const FOLDER = new URL("../../src/client/", import.meta.url);
const MAX_BYTES = 10 * 1024;

/** Module for module: a bundler joins them, and leaves out what a program does not use, so that less arrives. */
async function minified(name: string): Promise<string> {
  const { code } = await transform(await readFile(new URL(name, FOLDER), "utf8"), swcOptions("ts"));
  return (await minify(code, { module: true, compress: true, mangle: true })).code;
}

test("the whole client has at most 10 KB when it is minified", async () => {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith(".ts"));
  const modules = await Promise.all(names.map(minified));
  expect(modules.length).toBeGreaterThan(8);
  const text = modules.join("");
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_BYTES);
  expect(gzipSync(text).byteLength).toBeLessThan(MAX_BYTES / 2);
});

test("it imports nothing but itself", async () => {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith(".ts"));
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, FOLDER), "utf8")));
  const imports = texts.flatMap((text) =>
    [...text.matchAll(/\b(?:from|import)\s*\(?"([^"]+)"/g)].map(([, path]) => path!),
  );
  expect(imports.length).toBeGreaterThan(10);
  expect(imports.filter((path) => !/^\.\/[\w-]+\.js$/.test(path))).toEqual([]);
});
