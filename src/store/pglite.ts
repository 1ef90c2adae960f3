import v8 from "node:v8";
import { PGlite, type PGliteOptions } from "@electric-sql/pglite";

/**
 * V8 compiles WebAssembly quickly first, and functions that run often a second time with its optimising compiler. For one
 * function of PGlite that compiler takes 600 MB, and the queries of crmesh do not become faster.
 */
const NO_SECOND_COMPILATION = ["--no-wasm-tier-up", "--no-wasm-dynamic-tiering"];

/** PostgreSQL touches all of its buffers when it opens. With its default of 128 MB, the process takes 120 MB more. */
const SHARED_BUFFERS = "8MB";

/** Opens PGlite so that it takes little memory. In `folder`, or in memory if that is undefined. */
export async function openPglite(folder?: string, options: PGliteOptions = {}): Promise<PGlite> {
  for (const flag of NO_SECOND_COMPILATION) v8.setFlagsFromString(flag);
  const startParams = [...PGlite.defaultStartParams, "-c", `shared_buffers=${SHARED_BUFFERS}`];
  return PGlite.create({ ...options, startParams, ...(folder === undefined ? {} : { dataDir: folder }) });
}
