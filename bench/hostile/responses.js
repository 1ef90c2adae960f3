/** Reads the HTTP/1.1 answers out of the bytes of a socket, as far as they are complete. */
export function readResponses(bytes) {
  const answers = [];
  for (let at = 0; at < bytes.length;) {
    const headEnd = bytes.indexOf("\r\n\r\n", at);
    if (headEnd === -1) break;
    const [statusLine, ...lines] = bytes.toString("latin1", at, headEnd).split("\r\n");
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(statusLine)?.[1]);
    const headers = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
    );
    const read = bodyFrom(bytes, headEnd + 4, headers);
    if (read === null) break;
    // 100 Continue is no answer yet.
    if (status >= 200) answers.push(answerOf(status, headers, read.body));
    at = read.end;
  }
  return answers;
}

/** @returns an answer as the judge takes it */
export function answerOf(status, headers, bytes) {
  const text = bytes.toString();
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    // Not JSON: the judge says so.
  }
  return { status, headers, text, body };
}

function bodyFrom(bytes, start, headers) {
  if (headers["transfer-encoding"] === "chunked") return chunkedBody(bytes, start);
  const length = headers["content-length"];
  const end = length === undefined ? (headers.connection === "close" ? bytes.length : start) : start + Number(length);
  return end > bytes.length ? null : { body: bytes.subarray(start, end), end };
}

function chunkedBody(bytes, start) {
  const parts = [];
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd === -1) return null;
    const size = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    const end = lineEnd + 2 + size;
    if (Number.isNaN(size) || end + 2 > bytes.length) return null;
    if (size === 0) return { body: Buffer.concat(parts), end: end + 2 };
    parts.push(bytes.subarray(lineEnd + 2, end));
    at = end + 2;
  }
}
