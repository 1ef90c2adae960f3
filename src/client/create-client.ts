import type { Answer } from "./answer.js";
import { mayWrite, textOf, type DocumentText, type DocumentTree, type TypedDocument } from "./document.js";
import { readAnswer } from "./read-answer.js";
import { CrmeshTransportError } from "./transport-error.js";

export interface ClientOptions {
  /** The endpoint, such as `https://crm.example.com/graphql`, or `/api/crm` of your own backend in a browser. */
  readonly url: string | URL;
  /** `sk_live_…` or `sk_test_…`. It is a secret: leave it out in a browser, and let your backend add it. */
  readonly apiKey?: string | undefined;
  /** Your own id of the end user, for all operations that do not name another. Printable ASCII, as in any HTTP header. */
  readonly endUserId?: string | undefined;
  /** Milliseconds that a request may take, its response included. Defaults to 60,000. */
  readonly timeoutMs?: number;
  /** Further headers, such as `X-Crmesh-Trace`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Defaults to the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
}

export interface RequestOptions extends Pick<ClientOptions, "endUserId" | "timeoutMs" | "headers"> {
  /** Which operation of the document to run, if it has several. */
  readonly operationName?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Variables may be left out if none is required. */
export type Arguments<Variables> =
  Record<never, never> extends Variables
    ? [variables?: Variables | undefined, options?: RequestOptions]
    : [variables: Variables, options?: RequestOptions];

export type AnyVariables = Readonly<Record<string, unknown>>;

export interface Client {
  /**
   * Sends an operation and returns its answer, with data and errors.
   * @throws CrmeshTransportError if there is no answer of crmesh
   * @throws the reason of `signal` after an abort
   */
  execute<Data, Variables>(
    document: TypedDocument<Data, Variables>,
    ...rest: Arguments<Variables>
  ): Promise<Answer<Data>>;
  execute<Data = unknown>(document: string, variables?: AnyVariables, options?: RequestOptions): Promise<Answer<Data>>;
  /**
   * Sends an operation and returns its data, which is whole.
   * @throws the first error of the answer: a CrmeshError, or an UnknownError. Its `answer` has all errors, and the data
   * that there is.
   * @throws CrmeshTransportError if there is no answer of crmesh
   * @throws the reason of `signal` after an abort
   */
  request<Data, Variables>(document: TypedDocument<Data, Variables>, ...rest: Arguments<Variables>): Promise<Data>;
  request<Data = unknown>(document: string, variables?: AnyVariables, options?: RequestOptions): Promise<Data>;
}

const DEFAULT_TIMEOUT_MS = 60_000;

/**
 * Makes a client of one crmesh. It keeps no connection and no cache, so that nothing has to be closed.
 * @throws TypeError if the API key or the end user cannot stand in an HTTP header
 */
export function createClient(options: ClientOptions): Client {
  // Checked at once, so that a wrong setting fails at the start, and without its value, because `fetch` would repeat it.
  headersOf(options, {});
  const execute = (
    document: string | DocumentTree | DocumentText,
    variables?: unknown,
    request?: RequestOptions,
  ): Promise<Answer<unknown>> => send(options, document, variables, request ?? {});
  const request = async (...args: Parameters<typeof execute>): Promise<unknown> => {
    const { data, errors } = await execute(...args);
    if (errors[0]) throw errors[0];
    return data;
  };
  return { execute, request };
}

async function send(
  client: ClientOptions,
  document: string | DocumentTree | DocumentText,
  variables: unknown,
  request: RequestOptions,
): Promise<Answer<unknown>> {
  const query = textOf(document);
  const isWrite = mayWrite(query);
  const { operationName, signal } = request;
  const timeout = AbortSignal.timeout(request.timeoutMs ?? client.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const init: RequestInit = {
    method: "POST",
    headers: headersOf(client, request),
    body: JSON.stringify({ query, variables, operationName }),
    // The key must not follow a redirect to another server.
    redirect: "manual",
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  };
  signal?.throwIfAborted();
  let response: Response;
  let text: string;
  try {
    response = await (client.fetch ?? globalThis.fetch)(client.url, init);
    text = await response.text();
  } catch (cause) {
    signal?.throwIfAborted();
    const message = timeout.aborted ? "crmesh did not answer in time." : "crmesh could not be reached.";
    throw new CrmeshTransportError(message, { status: null, isWrite, cause });
  }
  const answer = readAnswer(text, response, isWrite);
  if (answer) return answer;
  const { status } = response;
  const retryAfter = Number(response.headers.get("retry-after")) || undefined;
  throw new CrmeshTransportError(`The response, with status ${status}, is not of crmesh.`, {
    status,
    retryAfter,
    isWrite,
  });
}

function headersOf(client: ClientOptions, request: RequestOptions): Record<string, string> {
  const endUserId = request.endUserId ?? client.endUserId;
  return {
    "content-type": "application/json",
    accept: "application/graphql-response+json, application/json;q=0.9",
    ...(client.apiKey === undefined ? {} : { authorization: `Bearer ${printable("apiKey", client.apiKey)}` }),
    ...(endUserId === undefined ? {} : { "x-end-user-id": printable("endUserId", endUserId) }),
    ...client.headers,
    ...request.headers,
  };
}

/** A header would lose spaces at the ends, and a character beyond ASCII arrives as others. */
function printable(name: string, value: string): string {
  if (/^[!-~](?:[ -~]*[!-~])?$/.test(value)) return value;
  const advice = name === "endUserId" ? " Pass it as the argument endUserId of the fields instead." : "";
  throw new TypeError(`${name} must be printable ASCII, without spaces at its ends.${advice}`);
}
