import { codeOf } from "./files.js";

/** Codes of system errors, as Node names them, and their meaning for the use of a folder. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "this user may not read and write there",
  EPERM: "this user may not read and write there",
  EROFS: "its file system is read-only",
  ENOTDIR: "a part of its path is not a folder",
  EEXIST: "it is not a folder",
  EISDIR: "a folder is in the place of a file",
  ENOENT: "its path does not exist",
  ENAMETOOLONG: "its path is too long",
  ELOOP: "its path has a loop of symbolic links",
  ENOSPC: "its disk is full",
  EDQUOT: "the disk quota of this user is used up",
  EIO: "its disk has a fault",
  EMFILE: "this process has too many open files",
  ENOTSUP: "its file system does not support hard links",
};

/** Says why the system refused to use a file or folder; null for an error that is not the system's. */
export function systemReason(error: unknown): string | null {
  const code = codeOf(error);
  return typeof code === "string" && Object.hasOwn(REASONS, code) ? `${REASONS[code]} (${code})` : null;
}
