import type { AcceptedDifference } from "../../../src/sandbox/kit/crm.js";
import type { Exchange, RecordedRequest } from "../stage/recording-proxy.js";
import { addTo, differencesOf, emptyShape, isId, type Shape } from "./shape.js";

/** What one operation of the adapter did at one of the two servers. */
export interface Performance {
  operation: string;
  exchanges: readonly Exchange[];
  /** The error code; null if it succeeded. */
  code: string | null;
}

export interface Difference {
  /** The kind of request, or the operation if its outcome is what differs. */
  request: string;
  place: string;
  real: string;
  sandbox: string;
  /** The reason of the accepted difference; null if nobody has accepted it. */
  accepted: string | null;
}

export interface Comparison {
  /** The kinds of requests that both servers got. */
  kinds: readonly string[];
  differences: readonly Difference[];
  /** Accepted differences that did not show. */
  unused: readonly AcceptedDifference[];
}

/** Header fields on whose presence callers rely. Of `content-type`, also the media type counts. */
const HEADERS = /^(content-type|location|retry-after|www-authenticate|x-status-reason|link)$|rate-?limit/i;

type KindOf = (request: RecordedRequest) => string;

/** Compares the answers of a real server and its sandbox to the same operations, by kind of request. */
export function compare(
  real: readonly Performance[],
  sandbox: readonly Performance[],
  accepted: readonly AcceptedDifference[],
  kindOf: KindOf = restKind,
): Comparison {
  const [there, here] = [answersOf(real, kindOf), answersOf(sandbox, kindOf)];
  const kinds = [...new Set([...there.keys(), ...here.keys()])].sort();
  const found: Omit<Difference, "accepted">[] = outcomes(real, sandbox);
  for (const request of kinds) {
    const [one, other] = [there.get(request), here.get(request)];
    if (one && other) found.push(...differencesOfKind(one, other).map((difference) => ({ request, ...difference })));
    else found.push({ request, place: "request", real: one ? "sent" : "absent", sandbox: other ? "sent" : "absent" });
  }
  const used = new Set<AcceptedDifference>();
  const differences = found.map((difference): Difference => {
    const rule = accepted.find(
      ({ request, place, sandbox: here = "*" }) =>
        fits(request, difference.request) && fits(place, difference.place) && fits(here, difference.sandbox),
    );
    if (rule) used.add(rule);
    return { ...difference, accepted: rule?.reason ?? null };
  });
  return { kinds, differences, unused: accepted.filter((rule) => !used.has(rule)) };
}

/** `GET /api/v1/Contact/{id} ?maxSize&select`: without ids, values and the numbers of a parameter. */
export function restKind({ method, url }: RecordedRequest): string {
  const { pathname, searchParams } = new URL(url, "http://crm.example");
  const path = pathname.split("/").map((part) => (isId(part) ? "{id}" : part));
  const names = new Set([...searchParams.keys()].map((name) => name.replace(/\[\d+\]/g, "[]")));
  return `${method} ${path.join("/")}${names.size > 0 ? ` ?${[...names].sort().join("&")}` : ""}`;
}

interface Answers {
  /** Operation → statuses. */
  statuses: Map<string, Set<number>>;
  /** Status → the name of a header → its media type, or that it is there. */
  headers: Map<number, Map<string, string>>;
  /** Status → the shape of all bodies. */
  bodies: Map<number, Shape>;
}

function answersOf(performances: readonly Performance[], kindOf: KindOf): Map<string, Answers> {
  const all = new Map<string, Answers>();
  for (const { operation, exchanges } of performances) {
    for (const { request, answer } of exchanges) {
      const kind = kindOf(request);
      const answers: Answers = all.get(kind) ?? { statuses: new Map(), headers: new Map(), bodies: new Map() };
      all.set(kind, answers);
      const { status } = answer;
      answers.statuses.set(operation, (answers.statuses.get(operation) ?? new Set()).add(status));
      const headers = answers.headers.get(status) ?? new Map<string, string>();
      answers.headers.set(status, headers);
      for (const [name, value] of Object.entries(answer.headers)) {
        if (!HEADERS.test(name)) continue;
        headers.set(name, name === "content-type" ? String(value).split(";")[0]!.trim() : "there");
      }
      const body = answers.bodies.get(status) ?? emptyShape();
      answers.bodies.set(status, body);
      addTo(body, parsed(answer.text));
    }
  }
  return all;
}

/** A text that is no JSON is the same for all texts. */
function parsed(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function differencesOfKind(real: Answers, sandbox: Answers): Omit<Difference, "request" | "accepted">[] {
  const words = (answers: Answers, operation: string) => [...(answers.statuses.get(operation) ?? [])].sort().join(", ");
  const statuses = [...real.statuses.keys()]
    .filter((operation) => sandbox.statuses.has(operation))
    .map((operation) => ({
      place: `status of ${operation}`,
      real: words(real, operation),
      sandbox: words(sandbox, operation),
    }))
    .filter((pair) => pair.real !== pair.sandbox);
  const both = [...real.bodies.keys()].filter((status) => sandbox.bodies.has(status));
  const rest = both.flatMap((status) => {
    const [one, other] = [real.headers.get(status)!, sandbox.headers.get(status)!];
    const headers = [...new Set([...one.keys(), ...other.keys()])].sort().map((name) => ({
      place: `${status} header ${name}`,
      real: one.get(name) ?? "absent",
      sandbox: other.get(name) ?? "absent",
    }));
    const shapes = differencesOf(real.bodies.get(status)!, sandbox.bodies.get(status)!, `${status} body`);
    return [...headers.filter((pair) => pair.real !== pair.sandbox), ...shapes];
  });
  return [...statuses, ...rest];
}

function outcomes(real: readonly Performance[], sandbox: readonly Performance[]): Omit<Difference, "accepted">[] {
  const here = new Map(sandbox.map(({ operation, code }) => [operation, code]));
  const words = (code: string | null | undefined) => (code === undefined ? "not run" : (code ?? "success"));
  return real
    .filter(({ operation, code }) => here.get(operation) !== code)
    .map(({ operation, code }) => ({
      request: operation,
      place: "outcome",
      real: words(code),
      sandbox: words(here.get(operation)),
    }));
}

/** Whether a pattern fits, in which `*` stands for any text. */
function fits(pattern: string, text: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(text);
}
