/**
 * How the sources are compiled for tests: decorators with their metadata, and JSX by Preact. In `.ts` files `<` begins a
 * type, in `.tsx` files an element, so each has a parser of its own.
 *
 * @param {"ts" | "tsx"} syntax
 * @returns {import("@swc/core").Options}
 */
export const swcOptions = (syntax) => ({
  swcrc: false,
  configFile: false,
  jsc: {
    target: "es2024",
    parser: { syntax: "typescript", decorators: true, tsx: syntax === "tsx" },
    transform: {
      legacyDecorator: true,
      decoratorMetadata: true,
      useDefineForClassFields: true,
      react: { runtime: "automatic", importSource: "preact" },
    },
    keepClassNames: true,
  },
  module: { type: "es6" },
});

/** How the scripts for browsers are compiled: as classic scripts without imports. @type {import("@swc/core").Options} */
export const browserOptions = {
  swcrc: false,
  configFile: false,
  isModule: false,
  jsc: { target: "es2022", parser: { syntax: "typescript" } },
};
