import { ERROR_CATALOGUE, ERROR_CODES, type ErrorDefinition } from "../errors/catalogue.js";
import { extensionsSchema } from "../errors/extensions-schema.js";

/** The catalogue as a table of aligned columns. */
export function errorsTable(withHeader: boolean): string {
  const width = Math.max(...ERROR_CODES.map((code) => code.length));
  const line = (code: string, status: string, origin: string, actor: string, retry: string, message: string) =>
    `${code.padEnd(width)}  ${status.padEnd(4)}  ${origin.padEnd(8)}  ${actor.padEnd(9)}  ${retry.padEnd(5)}  ${message}`;
  const rows = ERROR_CODES.map((code) => {
    const { status, message, origin, actor, retryable } = ERROR_CATALOGUE[code];
    return line(code, String(status), origin, actor, retryable ? "retry" : "", message);
  });
  return [...(withHeader ? [line("CODE", "HTTP", "ORIGIN", "ACTOR", "RETRY", "MESSAGE")] : []), ...rows].join("\n");
}

/** The text of `docs/errors.md`. */
export function errorsPage(): string {
  const row = (code: string, error: ErrorDefinition) =>
    `| \`${code}\` | ${error.status} | ${error.message} | ${error.resolution} | ${error.origin} | ${error.actor} | ${error.retryable ? "yes" : "no"} |`;
  const table = (documented: boolean) =>
    [
      "| Code | HTTP | Message | Resolution | Origin | Actor | Retryable |",
      "|---|---|---|---|---|---|---|",
      ...ERROR_CODES.filter((code) => ERROR_CATALOGUE[code].documented === documented).map((code) =>
        row(code, ERROR_CATALOGUE[code]),
      ),
    ].join("\n");
  return `<!-- Generated from src/errors/catalogue.ts by \`npm run generate\`. -->
# Errors

Every error of the API has this form, in the \`errors\` of the response:

\`\`\`json
{
  "message": "Provider rate limit exceeded",
  "path": ["contacts"],
  "extensions": {
    "code": "PROVIDER_RATE_LIMITED",
    "http": { "status": 429, "headers": { "retry-after": "9" } },
    "resolution": "The CRM’s rate limit was hit. Respect the Retry-After header.",
    "origin": "PROVIDER", "actor": "NOBODY", "retryable": true, "retryAfter": 9,
    "provider": "hubspot", "connectionId": "con_…", "requestId": "…", "traceId": "…",
    "upstream": { "status": 429, "code": "TEN_SECONDLY_ROLLING", "requestId": "…" }
  }
}
\`\`\`

- **origin** is the side that caused the error: the request (\`CALLER\`), crmesh (\`GATEWAY\`) or the CRM (\`PROVIDER\`).
- **actor** is who can fix the error: \`DEVELOPER\`, \`END_USER\` or \`OPERATOR\`. \`NOBODY\` means that the error is temporary: wait and try again.
- **retryable** says whether the same request can succeed later. A write with an unknown outcome is never retryable automatically.
- **errors** names every field that is wrong, by its input path. \`INVALID_INPUT\`, \`MISSING_REQUIRED\` and \`INVALID_DATE_RANGE\` have it.
- **outcome** says what is known about a failed write: \`NOT_SENT\` (nothing reached the CRM), \`UNKNOWN\` (the write may have happened), \`PARTIAL\` (a part of it happened; if \`errors\` is there, it names the inputs that the CRM did not store as they were written, and \`id\` the record), \`COMPLETED\` (the write succeeded, but reading the record back failed; \`id\` names the record).
- **existingId** is the record that caused \`DUPLICATE_RECORD\`, if the CRM names it.
- **reconnectUrl** is a [Connect](connect.md) page on which the end user reconnects. It works once, for ten minutes. Errors have it if the CRM refuses the credential itself and the API key has the scope \`connections:write\`; \`NEEDS_REAUTH\` then always has it, unless the operator has removed the OAuth client.
- **detail** is a sentence about this particular error. If \`outcome\` is \`UNKNOWN\`, \`PARTIAL\` or \`COMPLETED\`, it begins with what to do instead of retrying, whatever \`resolution\` says: the resolution is the same for all errors of a code.
- **requestId** is the \`X-Request-Id\` of the request, in its log lines too. **traceId** is there if the request belongs to a [trace](telemetry.md#traces), the caller's or one of crmesh.
- **upstream** is what the CRM answered: its status, code and request id, but never its raw body.

## HTTP status of the whole response

Every error has its own status in \`extensions.http\`. The status of the whole response depends on its media type, which the caller chooses with \`Accept\`:

| Accept | Media type | Status |
|---|---|---|
| none, \`*/*\`, \`application/json\` | \`application/json\` | 200 if there is any data. Otherwise the most serious status among the errors. |
| \`application/graphql-response+json\` | the same | 200 if the response has \`data\`, null or not. Otherwise, because execution did not begin, the most serious status among the errors. |

The statuses of \`application/json\` are deliberately not those of [GraphQL over HTTP](https://graphql.github.io/graphql-over-http/draft/), which recommends 200 for nearly every response of this type. The documented statuses have precedence. A client that follows GraphQL over HTTP sends \`Accept: application/graphql-response+json\`. [ADR 13](adr/0013-status-and-media-type.md) gives the reasons.

If no data survived, the response has the header \`Retry-After\` with the longest wait among the errors. A response with data does not have the header: read \`retryAfter\` of its errors. No wait is longer than a day (86400 s), whatever a CRM states: a longer one is told as a day, a time in the past as 1 s, and a wait that is not a number as the wait that the CRM documents.

A successful create sets \`extensions.http.status = 201\` on the response, if the response has no errors.

## Requests that HTTP refuses

These refusals have the code \`INVALID_INPUT\`, but the status of HTTP, in the status line and in \`extensions.http.status\`. Errors that come before GraphQL have the same form, and follow \`Accept\` like all others.

| HTTP | When |
|---|---|
| 400 | The bytes are not HTTP, the URL cannot be read, or the body is not JSON. |
| 404 | The path does not exist. |
| 405 | The path does not have this method, or a mutation came by GET. \`Allow\` lists the methods. |
| 406 | \`Accept\` of a POST allows neither \`application/json\` nor \`application/graphql-response+json\`. Nothing was executed. |
| 408 | The request did not come completely in time. |
| 413 | The body is larger than \`CRMESH_MAX_BODY_BYTES\`. |
| 415 | The body is not \`application/json\`. |
| 417 | \`Expect\` is not \`100-continue\`. |
| 431 | The headers are too large. |

## Documented codes

${table(true)}

## When a call fails with CIRCUIT_OPEN

crmesh refuses calls to a CRM that fails, without sending them. There are two circuit breakers, and \`Connection.health\` shows both:

- The circuit of one connection (\`health.circuit\`) opens after 5 failures in a row.
- The circuit of the CRM’s address (\`health.providerCircuit\`) opens if at least 3 end users have open circuits there, and no call there got a usable answer for a minute. The end users must belong to at least 2 workspaces. If no other workspace calls this CRM, those of one workspace suffice, and the circuit opens only for that workspace. It closes on the first success of any connection.

A failure is a status of 500 or above, no connection, or no answer within \`CRMESH_UPSTREAM_TIMEOUT_MS\`. Nothing else counts: neither refused credentials, inputs and rate limits, nor requests that crmesh could not send, nor calls that ended because the time of the operation was over or because the caller left. After \`retryAfter\` seconds, one call is let through as a probe.

## Additions

${table(false)}

## Codes of GraphQL itself

\`GRAPHQL_PARSE_FAILED\`, \`GRAPHQL_VALIDATION_FAILED\` and \`PERSISTED_QUERY_NOT_FOUND\` (400) are codes of GraphQL servers in general. Invalid *variables* fail with \`INVALID_INPUT\` or \`MISSING_REQUIRED\`, and \`errors\` names them by input path.

## The JSON schema of \`extensions\`

For clients in other languages. [crmesh/client](client.md) has the same as TypeScript types. Later versions of crmesh may add members.

\`\`\`json
${printedSchema()}
\`\`\`
`;
}

/** The schema as JSON, with a line for each member and each code. */
function printedSchema(): string {
  const inLines = (value: object, [open, close]: readonly [string, string]) => {
    const items = Array.isArray(value)
      ? value.map((item) => JSON.stringify(item))
      : Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${JSON.stringify(item)}`);
    return `${open}\n${items.map((item) => `    ${item}`).join(",\n")}\n  ${close}`;
  };
  const members = Object.entries(extensionsSchema()).map(([name, value]) => {
    const isLong = name === "properties" || name === "oneOf" || name === "dependentSchemas";
    const shown = isLong
      ? inLines(value as object, Array.isArray(value) ? ["[", "]"] : ["{", "}"])
      : JSON.stringify(value);
    return `  ${JSON.stringify(name)}: ${shown}`;
  });
  return `{\n${members.join(",\n")}\n}`;
}
