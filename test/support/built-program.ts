import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileSources } from "../../build.js";

const MODULES = fileURLToPath(new URL("../../node_modules", import.meta.url));

/** The program, compiled as the build compiles it, in a folder of its own. */
export class BuiltProgram {
  readonly main: string;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.main = join(folder, "cli/main.js");
  }

  static async build(): Promise<BuiltProgram> {
    // Inside node_modules, so that what is built finds its dependencies as the real one does.
    const folder = await mkdtemp(join(MODULES, ".crmesh-built-test-"));
    await compileSources(folder);
    return new BuiltProgram(folder);
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
