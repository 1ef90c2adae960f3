import { swcOptions } from "./swc.config.js";

// Nothing may depend on where the machine stands: a zone of half an hour, with daylight saving, unless another is given.
process.env.TZ ??= "America/St_Johns";

/** @type {import("jest").Config} */
export default {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  // They need more than Node: npm run test:services.
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/(postgres|browser|replicas)/"],
  // It has packages and a runner of its own: npm run test:federation.
  modulePathIgnorePatterns: ["<rootDir>/test/federation/"],
  extensionsToTreatAsEsm: [".ts", ".tsx"],
  globalSetup: "<rootDir>/test/support/prepared-database.js",
  setupFiles: ["reflect-metadata", "<rootDir>/test/support/free-memory.js"],
  // Not what a test may take, but after what time a test that hangs is given up. A machine that is slow or busy must not
  // fail one that only takes its time.
  testTimeout: 300_000,
  moduleNameMapper: {
    // Sources import each other by their emitted names (NodeNext); jest reads the .ts beside them.
    // A package's `….json.js` is a module of that name, not a JSON file.
    "^(\\.{1,2}/(?!.*\\.json\\.js$).*)\\.js$": "$1",
  },
  transform: {
    "^.+\\.ts$": ["@swc/jest", { ...swcOptions("ts"), sourceMaps: "inline" }],
    "^.+\\.tsx$": ["@swc/jest", { ...swcOptions("tsx"), sourceMaps: "inline" }],
  },
  reporters: ["default", "<rootDir>/test/support/progress-reporter.js"],
  // Two cores, and a third worker for the time in which tests wait for time-outs and retries: 278 s instead of 316 s.
  maxWorkers: 3,
  // A worker keeps some memory of each file. It is replaced by a new one if its heap is larger than this after a file.
  workerIdleMemoryLimit: "300MB",
};
