/** @type {import("jest").Config} */
export default {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  extensionsToTreatAsEsm: [".ts"],
  setupFiles: ["reflect-metadata"],
  testTimeout: 30_000,
  moduleNameMapper: {
    // Sources import each other by their emitted names (NodeNext); jest reads the .ts beside them.
    // A package's `….json.js` is a module of that name, not a JSON file.
    "^(\\.{1,2}/(?!.*\\.json\\.js$).*)\\.js$": "$1",
  },
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      {
        jsc: {
          target: "es2024",
          parser: { syntax: "typescript", decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
          keepClassNames: true,
        },
        module: { type: "es6" },
        sourceMaps: "inline",
      },
    ],
  },
  // Two cores: more workers only fight for them.
  maxWorkers: 2,
};
