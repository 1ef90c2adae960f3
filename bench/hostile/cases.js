/**
 * A case is what one hostile caller does once. It is either
 *   { request: { method, path, headers, body }, … }  sent as HTTP, or
 *   { raw: { chunks, then }, … }                     bytes on a socket of its own, where
 *                                                    then: "answers" waits for `count` answers, "end" ends its side and
 *                                                    waits for the server's, "destroy" hangs up.
 * Further members:
 *   hangUpMs   hangs up so many milliseconds after the request is out
 *   mayCut     the server may end the connection without an answer, as it may have answered before all was sent
 *   isSubgraph the answer has the form of /subgraph
 *   expect     (answer) => what is wrong with the answer, or null; beside what holds for all answers
 */

/** Headers of a caller with a key and an end user. */
export function headersOf(targets, { key = targets.keys.live, endUser = targets.endUsers[0] } = {}) {
  return { authorization: `Bearer ${key}`, "x-end-user-id": endUser, "content-type": "application/json" };
}

/** The same without one of them, which the case leaves out or says in its own way. */
export function headersWithout(name, targets) {
  return Object.fromEntries(Object.entries(headersOf(targets)).filter(([known]) => known !== name));
}

/** A GraphQL request as clients send it. */
export function post(targets, body, { headers = {}, path = "/graphql", ...rest } = {}) {
  return {
    request: {
      method: "POST",
      path,
      headers: { ...headersOf(targets), ...headers },
      body: typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body),
    },
    ...rest,
  };
}

export function query(targets, document, variables, options) {
  return post(targets, { query: document, ...(variables === undefined ? {} : { variables }) }, options);
}

/** The bytes of a POST /graphql; `extra` headers come as they are, however malformed. */
export function rawPost(targets, body, { extra = "", length = Buffer.byteLength(body) } = {}) {
  const headers = Object.entries(headersOf(targets)).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST /graphql HTTP/1.1\r\nhost: crmesh\r\n${headers.join("")}${extra}content-length: ${length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), Buffer.from(body)]);
}

/** `expect`: the request is refused, whatever the code; nothing of it is carried out. */
export function refused({ status }) {
  return status >= 400 ? null : `it was answered with status ${status} instead of being refused`;
}

/** `expect`: the whole answer has this code. */
export function refusedWith(...codes) {
  return ({ body }) => {
    const code = body?.errors?.[0]?.extensions?.code;
    return codes.includes(code) ? null : `its code is ${code}, not ${codes.join(" or ")}`;
  };
}

/** `text` written `times` times, each with its index in place of `#`. */
export function times(count, text, separator = " ") {
  return Array.from({ length: count }, (_, index) => text.replaceAll("#", String(index))).join(separator);
}

/** `open` so many times around `inner`. */
export function nest(depth, open, inner, close) {
  return open.repeat(depth) + inner + close.repeat(depth);
}
