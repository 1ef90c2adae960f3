type CursorEncoding = "base64" | "base64url";

/** A place in a list, as text that a caller hands back as it is. */
export function writeCursor(place: unknown, encoding: CursorEncoding = "base64url"): string {
  return Buffer.from(JSON.stringify(place)).toString(encoding);
}

/** What `writeCursor` was given, which the caller still has to check; null for a text that is no cursor. */
export function readCursor(text: string, encoding: CursorEncoding = "base64url"): unknown {
  try {
    return JSON.parse(Buffer.from(text, encoding).toString("utf8")) as unknown;
  } catch {
    return null;
  }
}
