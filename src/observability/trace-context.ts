/** `traceparent` of W3C Trace Context: version, trace id, parent id, flags. Later versions may add further parts. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;

/** Returns the trace id of a `traceparent` header. Null if there is none or if it is invalid. */
export function traceIdOf(header: string | string[] | undefined): string | null {
  const [, version, traceId, parentId, rest] = TRACEPARENT.exec(typeof header === "string" ? header.trim() : "") ?? [];
  if (version === undefined || version === "ff" || (version === "00" && rest !== undefined)) return null;
  return /[^0]/.test(traceId!) && /[^0]/.test(parentId!) ? traceId! : null;
}
