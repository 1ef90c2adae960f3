/** The package as `npm pack` makes it in a fresh clone, and its files as a project that installs it has them. */
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const MAX_OUTPUT = 50 * 1024 * 1024;

export const run = (command, args, options = {}) =>
  promisify(execFile)(command, args, { maxBuffer: MAX_OUTPUT, ...options });

/**
 * Packs a copy of the files that git knows or would add, changes that are not committed included: nothing that was built
 * before is there. The packages are those of this folder, as `npm ci` would install them.
 */
export async function packFreshClone() {
  const folder = await mkdtemp(join(tmpdir(), "crmesh-package-"));
  const clone = join(folder, "clone");
  const { stdout: names } = await run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: ROOT,
  });
  for (const name of names.split("\0").filter(Boolean)) {
    await mkdir(dirname(join(clone, name)), { recursive: true });
    // A file that was deleted, but not yet committed, is still in git's list.
    await copyFile(join(ROOT, name), join(clone, name)).catch((error) => {
      if (error.code !== "ENOENT") throw error;
    });
  }
  await symlink(join(ROOT, "node_modules"), join(clone, "node_modules"));
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder], { cwd: clone });
  // What the build writes stands before the JSON.
  const [packed] = JSON.parse(stdout.slice(stdout.search(/^\[/m)));
  const manifest = JSON.parse(await readFile(join(clone, "package.json"), "utf8"));
  return {
    folder,
    tarball: join(folder, packed.filename),
    files: packed.files.map(({ path }) => path),
    unpackedBytes: packed.unpackedSize,
    manifest,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Puts the files of the package where an installation puts them, without its dependencies: crmesh/client has none. */
export async function unpackInto(tarball, project) {
  const target = join(project, "node_modules/crmesh");
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  await run("tar", ["-xzf", tarball, "-C", target, "--strip-components=1"]);
}
