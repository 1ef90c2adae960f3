import { CrmError } from "../../../src/errors/crm-error.js";
import type { Exchange, RecordedRequest, WireAnswer } from "../stage/recording-proxy.js";
import { READ_ACCOUNT, WRITE_ACCOUNT, type Stage } from "../stage/stage.js";
import type { Operation, Outcome } from "./operations.js";

/** An operation with what the CRM answered to its requests. */
export interface Recording {
  operation: Operation;
  exchanges: readonly Exchange[];
  outcome: Outcome;
}

/** More than any operation sends: an operation that sends more reads the same again and again. */
const REQUESTS_MAX = 60;

/** The end of one run. */
export interface Ending {
  outcome?: Outcome;
  error?: CrmError;
  /** What is no CrmError: the caller of crmesh would read INTERNAL_ERROR. */
  bug?: unknown;
  /** The requests of the run. */
  requests: readonly RecordedRequest[];
  /** Those that the CRM has not refused. */
  accepted: readonly RecordedRequest[];
}

/** Runs an operation at the CRM and keeps its answers. */
export async function record(stage: Stage, operation: Operation): Promise<Recording> {
  let outcome: Outcome = {};
  const exchanges = await stage.exchanged(async () => (outcome = await operation.run(connect(stage, operation))));
  return { operation, exchanges, outcome };
}

/**
 * Runs an operation again, over HTTP and with a connection of its own, from what the CRM answered before. Nothing is
 * written at the CRM: only a request that the operation did not send before reaches it.
 * @param broken the answer of one of the exchanges, in place of the recorded one
 * @param isWrite tells writes. One with another content than before gets the answer of the only one at its place
 */
export async function replay(
  stage: Stage,
  { operation, exchanges }: Recording,
  broken?: { exchange: Exchange; answer: WireAnswer },
  isWrite: (request: RecordedRequest) => boolean = () => false,
): Promise<Ending> {
  const answers = new Map<string, WireAnswer[]>();
  for (const exchange of exchanges) {
    const key = keyOf(exchange.request);
    const answer = exchange === broken?.exchange ? broken.answer : exchange.answer;
    answers.set(key, [...(answers.get(key) ?? []), answer]);
  }
  const drawn = new Map(exchanges.map(({ request }) => [withoutDrawn(request), answers.get(keyOf(request))]));
  const writes = Map.groupBy(
    exchanges.filter(({ request }) => isWrite(request)),
    ({ request }) => placeOf(request),
  );
  const onlyWriteAt = (request: RecordedRequest): WireAnswer[] | undefined => {
    const [only, second] = writes.get(placeOf(request)) ?? [];
    return only && !second ? answers.get(keyOf(only.request)) : undefined;
  };
  const requests: RecordedRequest[] = [];
  const accepted: RecordedRequest[] = [];
  const next = (request: RecordedRequest): WireAnswer | null => {
    requests.push(request);
    if (requests.length > REQUESTS_MAX)
      return { status: 500, headers: { "content-type": "application/json" }, text: "{}" };
    const left =
      answers.get(keyOf(request)) ??
      drawn.get(withoutDrawn(request)) ??
      (isWrite(request) ? onlyWriteAt(request) : undefined);
    const answer = left ? (left.length > 1 ? left.shift()! : left[0]!) : null;
    if (!answer || answer.status < 400) accepted.push(request);
    return answer;
  };
  const end = await stage.answering(next, async () => {
    try {
      return { outcome: await operation.run(connect(stage, operation)) };
    } catch (error) {
      return error instanceof CrmError && error.code !== "INTERNAL_ERROR" ? { error } : { bug: error };
    }
  });
  if (requests.length > REQUESTS_MAX) return { bug: new Error("It does not come to an end."), requests, accepted };
  return { ...end, requests, accepted };
}

function connect(stage: Stage, { account }: Operation) {
  return stage.connect({ account: account === "READ" ? READ_ACCOUNT : WRITE_ACCOUNT });
}

/** A request without what the adapter draws anew for every run: the reference of a create. */
function withoutDrawn(request: RecordedRequest): string {
  return keyOf(request).replace(/"external_ref":"[^"]*"/, "");
}

function placeOf({ method, url }: RecordedRequest): string {
  return `${method} ${url}`;
}

function keyOf({ method, url, body }: RecordedRequest): string {
  return `${method} ${url} ${body}`;
}
