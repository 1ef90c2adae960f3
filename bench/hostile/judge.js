/** Stands in every credential that the cases send: no answer and no log line may repeat it. */
export const CANARY = "canary-5ecret-9f27";

/** What a stack or a file of ours would show. */
const INSIDES = /node_modules|\bat \w+ \(|\.[jt]s:\d+|dist\/|src\//;
/** The status of a document that GraphQL itself refuses. */
const DOCUMENT_STATUS = 400;
/** HTTP's own refusals of a request, which keep their status under INVALID_INPUT. */
const HTTP_REFUSALS = new Set([404, 405, 406, 408, 413, 415, 417, 431]);

/** Says of every answer what is wrong with it, by the documented catalogue of errors. */
export class Judge {
  #catalogue;
  #documentCodes;

  /** @param catalogue ERROR_CATALOGUE @param documentCodes GRAPHQL_DOCUMENT_CODES, both of src/errors/catalogue.ts */
  constructor({ catalogue, documentCodes }) {
    this.#catalogue = catalogue;
    this.#documentCodes = documentCodes;
  }

  /**
   * @param answer { status, headers, text, body }, where body is the parsed JSON or undefined
   * @returns sentences; none when the answer is as documented
   */
  complaints(answer, { isPage = false, isSubgraph = false, expect } = {}) {
    const { status, text, body } = answer;
    const found = [];
    if (text.includes(CANARY)) found.push("it repeats a secret");
    // 503 with a page says that the explorer is not built yet.
    if (isPage && (status === 200 || (status === 503 && text.startsWith("<!doctype html>")))) return found;
    const ours = body?.errors?.map(({ extensions, message }) => `${message} ${extensions?.detail ?? ""}`).join() ?? "";
    if (INSIDES.test(ours)) found.push("an error shows our insides");
    found.push(...(isSubgraph ? this.#subgraphProblems(answer) : this.#formProblems(answer)));
    const unmet = expect?.(answer);
    if (unmet) found.push(unmet);
    return found;
  }

  /** What an answer counts as in the table: "data", or its codes. */
  kindsOf({ status, body }) {
    if (!body?.errors) return [status === 200 ? "data" : `status ${status}`];
    return [...new Set(body.errors.map(({ extensions }) => extensions?.code ?? "no code"))];
  }

  #formProblems({ status, headers, text, body }) {
    if (body === undefined || typeof body !== "object" || body === null) {
      return [`status ${status} without a JSON object: ${text.slice(0, 80)}`];
    }
    const { data, errors } = body;
    if (!errors)
      return status === 200 && data ? [] : [`undocumented answer of status ${status}: ${text.slice(0, 120)}`];
    if (!Array.isArray(errors) || errors.length === 0) return ["its errors are no list, or an empty one"];
    const problems = new Set(errors.flatMap((error) => this.#errorProblems(error)));
    // An answer of this type is 200 once execution has begun.
    const isGraphQLResponse = String(headers["content-type"]).startsWith("application/graphql-response+json");
    const isOk = hasData(data) || (isGraphQLResponse && data !== undefined);
    const documented = isOk ? 200 : Math.max(...errors.map((error) => this.#statusOf(error)));
    if (problems.size === 0 && status !== documented) problems.add(`its status is ${status}, not ${documented}`);
    return [...problems];
  }

  /** At /subgraph every request that HTTP accepts has status 200, and the hints are flat. */
  #subgraphProblems({ status, headers, text, body }) {
    const errors = body?.errors?.map(({ extensions: { status: hint, ...extensions } = {}, ...error }) => ({
      ...error,
      extensions: { ...extensions, http: { status: hint } },
    }));
    const problems = /"http":/.test(text) ? ["it has a hint for HTTP"] : [];
    if (status !== 200 && !HTTP_REFUSALS.has(status)) problems.push(`its status is ${status}, not 200`);
    // What is left is the form of each error. The status that /graphql would have follows from these.
    const direct = { ...body, ...(errors && { errors }) };
    const hints = errors?.map((error) => this.#statusOf(error)) ?? [];
    const own = hasData(direct.data) || hints.length === 0 ? 200 : Math.max(...hints);
    return [...problems, ...this.#formProblems({ status: own, headers, text, body: body && direct })];
  }

  #errorProblems({ message, extensions: { code, http, requestId } = {} }) {
    if (code === "INTERNAL_ERROR") return ["INTERNAL_ERROR"];
    if (this.#documentCodes.has(code)) return requestId ? [] : [`${code} without a requestId`];
    const definition = this.#catalogue[code];
    if (!definition) return [`undocumented code ${code}: ${String(message).slice(0, 80)}`];
    const problems = [];
    if (message !== definition.message) problems.push(`${code} with another message: ${String(message).slice(0, 80)}`);
    if (http?.status !== definition.status && !isHttpRefusal(code, http))
      problems.push(`${code} with the status hint ${http?.status}`);
    if (!requestId) problems.push(`${code} without a requestId`);
    return problems;
  }

  #statusOf({ extensions: { code, http } = {} }) {
    if (isHttpRefusal(code, http)) return http.status;
    return this.#catalogue[code]?.status ?? DOCUMENT_STATUS;
  }
}

function isHttpRefusal(code, http) {
  return code === "INVALID_INPUT" && HTTP_REFUSALS.has(http?.status);
}

/** Whether something of the data survived; then the whole answer has status 200. */
function hasData(data) {
  const survived = (value) =>
    Array.isArray(value) && value.length > 0 ? value.some(survived) : value !== null && value !== undefined;
  return Object.entries(data ?? {}).some(([name, value]) => !name.startsWith("__") && survived(value));
}

const ERROR_LEVELS = ["error", "fatal"];

/**
 * What is wrong with a line of the log; null for nothing. Faults of the caller are no errors of ours. What is, is the operator's
 * to see only when the answer is 503: the operation's time was over, or the store is away.
 */
export function logComplaint(line) {
  if (line.includes(CANARY)) return { requestId: null, complaint: "the log repeats a secret" };
  if (!/"level":"(error|fatal)"/.test(line)) return null;
  const { level, msg, requestId = null, err } = JSON.parse(line);
  if (!ERROR_LEVELS.includes(level) || err?.code === "SERVICE_UNAVAILABLE") return null;
  return { requestId, complaint: `logged as an error: ${msg} (${err?.name}: ${kindOf(String(err?.message))})` };
}

/** A message without the names and numbers of the one request, so that the same fault counts as one. */
function kindOf(message) {
  return message
    .replace(/["“'][^"”']*["”']/g, '"…"')
    .replace(/\d+/g, "#")
    .replace(/(: )\W*[[{].*/s, "$1…")
    .slice(0, 80);
}
