import { rm } from "node:fs/promises";
import { afterAll } from "@jest/globals";
import { openStore } from "../../src/store/open-store.js";
import { newDataFolder } from "../support/data-folder.js";
import { describeCredentials } from "./credentials-suite.js";

const dataDir = await newDataFolder();
afterAll(() => rm(dataDir, { recursive: true, force: true }));

describeCredentials(
  () => ({ CRMESH_DATA_DIR: dataDir }),
  () => openStore({ dataDir }),
);
