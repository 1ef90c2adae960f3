import { ERROR_CATALOGUE, ERROR_CODES, type ErrorDefinition } from "../errors/catalogue.js";

/** The catalogue as a table for the terminal. */
export function errorsTable(): string {
  const width = Math.max(...ERROR_CODES.map((code) => code.length));
  return ERROR_CODES.map((code) => {
    const { status, message, origin, actor, retryable } = ERROR_CATALOGUE[code];
    return `${code.padEnd(width)}  ${status}  ${origin.padEnd(8)}  ${actor.padEnd(9)}  ${retryable ? "retry " : "      "}  ${message}`;
  }).join("\n");
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
    "provider": "hubspot", "connectionId": "con_…", "requestId": "…",
    "upstream": { "status": 429, "code": "TEN_SECONDLY_ROLLING", "requestId": "…" }
  }
}
\`\`\`

- **origin** is the side that caused the error: the request (\`CALLER\`), crmesh (\`GATEWAY\`) or the CRM (\`PROVIDER\`).
- **actor** is who can fix the error: \`DEVELOPER\`, \`END_USER\` or \`OPERATOR\`. \`NOBODY\` means that the error is temporary: wait and try again.
- **retryable** says whether the same request can succeed later. A write with an unknown outcome is never retryable automatically.
- **errors** names every field that is wrong, by its input path. \`INVALID_INPUT\`, \`MISSING_REQUIRED\` and \`INVALID_DATE_RANGE\` have it.
- **outcome** says what is known about a failed write: \`NOT_SENT\` (nothing reached the CRM), \`UNKNOWN\` (the write may have happened), \`PARTIAL\` (a part of it happened), \`COMPLETED\` (the write succeeded, but reading the record back failed; \`id\` names the record).
- **existingId** is the record that caused \`DUPLICATE_RECORD\`, if the CRM names it.
- **reconnectUrl** is a [Connect](connect.md) page on which the end user reconnects. It works once, for ten minutes. Errors have it if the CRM refuses the credential itself; \`NEEDS_REAUTH\` always has it.
- **detail** is a sentence about this particular error.
- **upstream** is what the CRM answered: its status, code and request id, but never its raw body.

**HTTP status of the whole response**: 200 if there is any data. Otherwise it is the most serious status among the errors, with the longest \`Retry-After\`. Every error keeps its own status in \`extensions.http\`. A successful create sets \`extensions.http.status = 201\` on the response.

## Documented codes

${table(true)}

## Additions

${table(false)}

## Codes of GraphQL itself

\`GRAPHQL_PARSE_FAILED\`, \`GRAPHQL_VALIDATION_FAILED\` and \`PERSISTED_QUERY_NOT_FOUND\` (400) are codes of GraphQL servers in general. Invalid *variables* fail with \`INVALID_INPUT\` or \`MISSING_REQUIRED\`, and \`errors\` names them by input path.
`;
}
