import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformFile } from "@swc/core";
import { swcOptions } from "../../swc.config.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The program, compiled as jest compiles the sources: type checks would take most of a test's time. */
export class BuiltProgram {
  readonly main: string;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.main = join(folder, "cli/main.js");
  }

  static async build(): Promise<BuiltProgram> {
    // Inside node_modules, so that what is built finds its dependencies as the real one does.
    const folder = await mkdtemp(join(ROOT, "node_modules/.crmesh-built-test-"));
    const sources = (await readdir(join(ROOT, "src"), { recursive: true })).filter((name) => /\.tsx?$/.test(name));
    await Promise.all(sources.map((name) => compile(name, folder)));
    return new BuiltProgram(folder);
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function compile(name: string, folder: string): Promise<void> {
  const { code } = await transformFile(join(ROOT, "src", name), swcOptions(name.endsWith(".tsx") ? "tsx" : "ts"));
  const file = join(folder, name.replace(/\.tsx?$/, ".js"));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, code);
}
