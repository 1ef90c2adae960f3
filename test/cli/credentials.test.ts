import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "@jest/globals";
import { openStore } from "../../src/store/open-store.js";
import { describeCredentials } from "./credentials-suite.js";

const dataDir = await mkdtemp(join(tmpdir(), "crmesh-credentials-"));
afterAll(() => rm(dataDir, { recursive: true, force: true }));

describeCredentials(
  () => ({ CRMESH_DATA_DIR: dataDir }),
  () => openStore({ dataDir }),
);
