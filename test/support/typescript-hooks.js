import { existsSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { transformSync } from "@swc/core";
import { swcOptions } from "../../swc.config.js";

/**
 * Lets Node run the sources and the stage of the tests without a build: `node --import ./test/support/typescript-hooks.js`.
 * Sources import each other by their emitted names, as in the tests.
 */
registerHooks({
  resolve(specifier, context, nextResolve) {
    if (/^\.{1,2}\/.*\.js$/.test(specifier) && context.parentURL?.endsWith(".ts")) {
      const source = new URL(specifier.replace(/js$/, "ts"), context.parentURL);
      if (existsSync(source)) return { url: source.href, shortCircuit: true };
    }
    return nextResolve(specifier, context);
  },
  load(url, context, nextLoad) {
    if (!url.startsWith("file:") || !url.endsWith(".ts")) return nextLoad(url, context);
    const filename = fileURLToPath(url);
    const options = { ...swcOptions("ts"), filename, sourceMaps: "inline" };
    return {
      format: "module",
      source: transformSync(readFileSync(filename, "utf8"), options).code,
      shortCircuit: true,
    };
  },
});
process.setSourceMapsEnabled(true);
