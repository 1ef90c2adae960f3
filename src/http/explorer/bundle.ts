import { readFile, stat } from "node:fs/promises";
import { createReadStream, type ReadStream } from "node:fs";

/** What `explorer/build.js` wrote to `manifest.json`: the names of the files that the pages load. */
export interface Manifest {
  icon: string;
  graphiql: { script: string; style: string };
  sandbox: { script: string; style: string };
  workers: Record<"editor" | "json" | "graphql", string>;
}

export interface BundledFile {
  type: string;
  /** Bytes, compressed. */
  length: number;
  /** Opens the file, compressed with gzip. */
  open(): ReadStream;
}

/** The folder that `npm run build:explorer` fills. It is there, too, if crmesh runs from source or is installed as a package. */
const FOLDER = new URL("../../../dist/explorer/", import.meta.url);

const TYPES: Record<string, string> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  ttf: "font/ttf",
};
const NAME = /^[A-Za-z0-9_.-]+\.(js|css|svg|ttf)$/;

/** The built explorer: scripts, workers, styles and fonts, each compressed, with a hash of its content in its name. */
export class Bundle {
  readonly #folder: URL;

  constructor(folder: URL = FOLDER) {
    this.#folder = folder;
  }

  /** Reads the names of the files anew, because the explorer may have been built since. Null if it is not built. */
  async manifest(): Promise<Manifest | null> {
    try {
      return JSON.parse(await readFile(new URL("manifest.json", this.#folder), "utf8")) as Manifest;
    } catch (error) {
      if (isAbsent(error)) return null;
      throw error;
    }
  }

  /** Null if there is no such file. */
  async file(name: string): Promise<BundledFile | null> {
    const extension = NAME.exec(name)?.[1];
    if (extension === undefined) return null;
    const path = new URL(`${name}.gz`, this.#folder);
    try {
      const { size } = await stat(path);
      return { type: TYPES[extension]!, length: size, open: () => createReadStream(path) };
    } catch (error) {
      if (isAbsent(error)) return null;
      throw error;
    }
  }
}

function isAbsent(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}
