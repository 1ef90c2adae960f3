import process from "node:process";
import config from "./jest.config.js";

/** The cases of the contract suite in a real account: npm run test:live starts them. */

// Its parent removes the records of the run. Without a parent it must not make any more of them.
process.once("disconnect", () => process.exit(1));
process.channel?.unref();

/** @type {import("jest").Config} */
export default {
  ...config,
  roots: ["<rootDir>/test/contract/live"],
  testMatch: ["**/live.suite.ts"],
  globalSetup: undefined,
  // A real CRM makes callers wait for minutes once its limits are reached.
  testTimeout: 1_800_000,
};
