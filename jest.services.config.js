import { existsSync } from "node:fs";
import config from "./jest.config.js";

/** The tests that need more than Node: a PostgreSQL (CRMESH_TEST_DATABASE_URL), a browser, processes of the built server. */
const folders = ["postgres", "browser", "replicas"].filter((name) =>
  existsSync(new URL(`test/${name}`, import.meta.url)),
);

/** @type {import("jest").Config} */
export default {
  ...config,
  // Processes, a database and a browser use the cores as well.
  maxWorkers: 2,
  roots: folders.map((name) => `<rootDir>/test/${name}`),
  testPathIgnorePatterns: ["/node_modules/"],
};
