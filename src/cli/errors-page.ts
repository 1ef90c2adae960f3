import { ERROR_CATALOGUE, ERROR_CODES, type ErrorDefinition } from "../errors/catalogue.js";

/** The catalogue as a plain table for a terminal. */
export function errorsTable(): string {
  const width = Math.max(...ERROR_CODES.map((code) => code.length));
  return ERROR_CODES.map((code) => {
    const { status, message, origin, actor, retryable } = ERROR_CATALOGUE[code];
    return `${code.padEnd(width)}  ${status}  ${origin.padEnd(8)}  ${actor.padEnd(9)}  ${retryable ? "retry " : "      "}  ${message}`;
  }).join("\n");
}

/** `docs/errors.md`. */
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

Every error of the API has this form, in the \`errors\` of the answer:

\`\`\`json
{
  "message": "Provider rate limit exceeded",
  "path": ["contacts"],
  "extensions": {
    "code": "PROVIDER_RATE_LIMITED",
    "http": { "status": 429, "headers": { "retry-after": "9" } },
    "resolution": "The CRM’s rate limit was hit. Respect the Retry-After header.",
    "origin": "PROVIDER", "actor": "NOBODY", "retryable": true, "retryAfter": 9,
    "provider": "hubspot", "connectionId": "con_…", "requestId": "…",
    "upstream": { "status": 429, "code": "TEN_SECONDLY_ROLLING", "requestId": "…" }
  }
}
\`\`\`

- **origin** says who failed: the request (\`CALLER\`), crmesh (\`GATEWAY\`) or the CRM (\`PROVIDER\`).
- **actor** says who can mend it: \`DEVELOPER\`, \`END_USER\`, \`OPERATOR\`, or \`NOBODY\`, which means that waiting does.
- **retryable** says whether the same request can succeed later. A write whose outcome is open is never retryable by machine.
- **errors**, with \`INVALID_INPUT\`, \`MISSING_REQUIRED\` and \`INVALID_DATE_RANGE\`, names every field at fault by its input path.
- **outcome**, with failed writes: \`NOT_SENT\` (nothing reached the CRM), \`UNKNOWN\` (it may have happened), \`PARTIAL\` (some of it did), \`COMPLETED\` (it did; reading it back failed, and \`id\` names the record).
- **existingId**, with \`DUPLICATE_RECORD\`: the record that stands in the way, where the CRM says which.
- **reconnectUrl**, where the CRM refuses the credential itself (\`NEEDS_REAUTH\` always): a [Connect](connect.md) page, good for ten minutes and one use, on which the end user mends this connection.
- **detail** is a sentence on this very occurrence.
- **upstream** is what the CRM said: its status, code and request id. Never its raw body.

**HTTP status of the whole answer**: if any data survived, 200; if nothing did, the gravest status among the errors, with the longest \`Retry-After\`. Every error keeps its own hint in \`extensions.http\`. A successful create carries \`extensions.http.status = 201\` on the response.

## Documented codes

${table(true)}

## Additions

${table(false)}

## Codes of GraphQL itself

\`GRAPHQL_PARSE_FAILED\`, \`GRAPHQL_VALIDATION_FAILED\` and \`PERSISTED_QUERY_NOT_FOUND\` (400) are the GraphQL ecosystem's own. Bad *variables* are \`INVALID_INPUT\` or \`MISSING_REQUIRED\`, with \`errors\` by input path.
`;
}
