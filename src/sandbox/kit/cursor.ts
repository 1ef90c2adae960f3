import { readJson, writeJson } from "./json.js";

type CursorEncoding = "base64" | "base64url";

/** Writes a position in a list as opaque text, which the caller returns unchanged. */
export function writeCursor(place: unknown, encoding: CursorEncoding = "base64url"): string {
  return Buffer.from(writeJson(place)).toString(encoding);
}

/** Reads what `writeCursor` was given. The caller still checks it. Null if the text is not a cursor. */
export function readCursor(text: string, encoding: CursorEncoding = "base64url"): unknown {
  try {
    return readJson(Buffer.from(text, encoding).toString("utf8"));
  } catch {
    return null;
  }
}
