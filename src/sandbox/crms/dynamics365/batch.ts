import { type ApiAnswer, type ApiCall, callApi } from "./api.js";
import { badQuery, DataverseError } from "./errors.js";
import type { Org } from "./org.js";

/** Most operations of one batch. */
const BATCH_MAX = 1000;

/**
 * Carries out a `$batch`: the parts of a multipart body, one answer each, in their order. A change set is taken apart;
 * that it fails as a whole is not imitated.
 * Source: learn.microsoft.com, "Execute batch operations using the Web API".
 */
export function callBatch(org: Org, text: string, contentType: string, base: string): ApiAnswer {
  const calls = callsOf(text, contentType, base);
  if (calls.length > BATCH_MAX) throw badQuery(`A batch has at most ${BATCH_MAX} operations.`);
  const boundary = `batchresponse_${org.newId()}`;
  const parts = calls.map((call) => `--${boundary}\r\n${partOf(answerOf(org, call))}`);
  return {
    status: 200,
    headers: { "content-type": `multipart/mixed; boundary=${boundary}` },
    body: `${parts.join("")}--${boundary}--\r\n`,
  };
}

function callsOf(text: string, contentType: string, base: string): ApiCall[] {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) throw badQuery("The boundary of the batch is missing.");
  return text.split(`--${boundary}`).flatMap((part) => {
    const inner = /Content-Type:\s*multipart\/mixed;[^\n]*boundary="?([^";\s]+)"?/i.exec(part);
    if (inner) return callsOf(part.slice(inner.index + inner[0].length), `boundary=${inner[1]}`, base);
    const request = /(GET|POST|PATCH|DELETE|PUT) (\S+) HTTP\/1\.1\r?\n([^]*)$/.exec(part);
    if (!request) return [];
    const [, method = "", target = "", rest = ""] = request;
    const [head = "", ...body] = rest.split(/\r?\n\r?\n/);
    const [path = "", search = ""] = target.replace(/^.*\/api\/data\/v[\d.]+\//, "").split(/\?(.*)/s);
    const json = body.join("\n\n").trim();
    return [{ method, path, search, base, headers: headersOf(head), body: json === "" ? undefined : JSON.parse(json) }];
  });
}

function headersOf(head: string): Record<string, string> {
  const lines = head.split(/\r?\n/).filter((line) => line.includes(":"));
  return Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(":")).trim().toLowerCase(),
      line.slice(line.indexOf(":") + 1).trim(),
    ]),
  );
}

function answerOf(org: Org, call: ApiCall): ApiAnswer {
  try {
    return callApi(org, call);
  } catch (error) {
    if (!(error instanceof DataverseError)) throw error;
    const { status, body } = error.answer();
    return { status, headers: {}, body };
  }
}

function partOf({ status, headers, body }: ApiAnswer): string {
  const lines = Object.entries({ "OData-Version": "4.0", ...headers }).map(([name, value]) => `${name}: ${value}`);
  const type = body === undefined ? [] : ["Content-Type: application/json; odata.metadata=minimal"];
  return [
    "Content-Type: application/http",
    "Content-Transfer-Encoding: binary",
    "",
    `HTTP/1.1 ${status} ${status < 300 ? "OK" : "Error"}`,
    ...type,
    ...lines,
    "",
    body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body),
    "",
  ].join("\r\n");
}
