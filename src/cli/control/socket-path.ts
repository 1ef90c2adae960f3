import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";

/** The Unix socket of the server that has this data folder open. */
export function controlSocketOf(dataDir: string): string {
  return join(dataDir, "control.sock");
}

/** The longest path of a Unix socket in bytes that all systems allow: 107 on Linux, 103 on macOS. */
const MAX_PATH_BYTES = 103;

/**
 * Calls `use` with a path that leads to `path` and is short enough for a Unix socket: `path` itself, or a path through a
 * symbolic link to its folder, which exists as long as `use` runs.
 */
export async function withSocketPath<Result>(path: string, use: (path: string) => Promise<Result>): Promise<Result> {
  if (Buffer.byteLength(path) <= MAX_PATH_BYTES) return use(path);
  const folder = await mkdtemp(join(tmpdir(), "crmesh-"));
  try {
    const alias = join(folder, "data");
    await symlink(resolve(dirname(path)), alias);
    return await use(join(alias, basename(path)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
