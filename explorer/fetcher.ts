import type { Fetcher, FetcherParams } from "@graphiql/toolkit";
import { Kind, parse } from "graphql";

/**
 * Sends the operations to crmesh.
 * @param headers JSON, for the introspection, which GraphiQL also sends before the editor of the headers is there
 */
export function createFetcher(endpoint: string, headers: string): Fetcher {
  const initial = JSON.parse(headers) as Record<string, string>;
  return async (operation, options) => {
    const chosen = options?.headers ?? (operation.operationName === "IntrospectionQuery" ? initial : {});
    const answer = await fetch(endpoint, {
      method: "POST",
      headers: { accept: "application/json", "content-type": "application/json", ...chosen },
      body: JSON.stringify(withKnownName(operation)),
    });
    const text = await answer.text();
    try {
      return callsFirst(JSON.parse(text) as Answer);
    } catch {
      throw new Error(`The answer with status ${String(answer.status)} is not JSON: ${text.slice(0, 500)}`);
    }
  };
}

interface Answer {
  extensions?: { calls?: unknown };
}

/** Whoever asks for the calls need not search for them below the data. */
function callsFirst(answer: Answer): Answer {
  const { extensions, ...rest } = answer;
  return extensions?.calls === undefined ? answer : { extensions, ...rest };
}

/** For a moment after a change of tabs, GraphiQL names the operation of the tab before. */
function withKnownName({ operationName, ...operation }: FetcherParams): FetcherParams {
  return operationName && namesOf(operation.query)?.includes(operationName) === false
    ? operation
    : { ...operation, ...(operationName ? { operationName } : {}) };
}

/** Null if the document cannot be parsed. crmesh says why. */
function namesOf(document: string): (string | undefined)[] | null {
  try {
    const { definitions } = parse(document);
    return definitions.flatMap((one) => (one.kind === Kind.OPERATION_DEFINITION ? [one.name?.value] : []));
  } catch {
    return null;
  }
}
