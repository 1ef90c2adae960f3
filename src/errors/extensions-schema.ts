import { ERROR_CATALOGUE, ERROR_CODES, GRAPHQL_DOCUMENT_CODES, type ErrorCode } from "./catalogue.js";
import type { ErrorExtensions } from "./format.js";
import { MAX_WAIT_S } from "./wait.js";

/** The used part of JSON Schema (2020-12). */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly const?: string | number | boolean;
  readonly enum?: readonly string[];
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema;
}

/** A member of `extensions`. */
export interface ExtensionMember {
  readonly schema: JsonSchema;
  /** The only codes whose errors can have the member. All codes if absent. */
  readonly codes?: readonly ErrorCode[];
  /** True if every error has the member: of the listed codes, or of all codes of the catalogue. */
  readonly always?: true;
  /** Codes whose errors need not have a member that is otherwise there always. */
  readonly except?: readonly ErrorCode[];
}

/** Whether every error of a code has the member. */
export const isAlways = ({ always, codes, except }: ExtensionMember, code: ErrorCode): boolean =>
  always === true && (codes?.includes(code) ?? true) && !except?.includes(code);

const text = (description: string): JsonSchema => ({ type: "string", description });
const status: JsonSchema = { type: "integer", minimum: 400, maximum: 599 };

type KnownMember = keyof { [Name in keyof ErrorExtensions as string extends Name ? never : Name]: true };

/** All members of `extensions` except `code`, in the order in which they are documented. */
export const EXTENSION_MEMBERS: Readonly<
  Record<Exclude<KnownMember, "code"> | "requestId" | "traceId", ExtensionMember>
> = {
  http: {
    schema: {
      type: "object",
      description: "The HTTP status and headers of a response that had only this error.",
      properties: { status, headers: { type: "object", additionalProperties: { type: "string" } } },
      required: ["status"],
    },
    always: true,
  },
  requestId: { schema: text("The request, as in the header X-Request-Id and in the logs of crmesh."), always: true },
  traceId: { schema: text("The trace of the request (W3C Trace Context), as in the logs and traces of crmesh.") },
  resolution: { schema: text("What to do, in the same words for all errors of a code."), always: true },
  origin: {
    schema: { enum: ["CALLER", "GATEWAY", "PROVIDER"], description: "The side that caused the error." },
    always: true,
  },
  actor: {
    schema: { enum: ["DEVELOPER", "END_USER", "OPERATOR", "NOBODY"], description: "Who can fix the error." },
    always: true,
  },
  retryable: {
    schema: { type: "boolean", description: "Whether the same request can succeed later." },
    always: true,
  },
  retryAfter: {
    schema: {
      type: "integer",
      minimum: 1,
      maximum: MAX_WAIT_S,
      description: "Seconds until a retry can succeed.",
    },
  },
  detail: { schema: text("A sentence about this error, for developers.") },
  provider: { schema: text("Slug of the CRM.") },
  connectionId: { schema: text("The CRM connection.") },
  upstream: {
    schema: {
      type: "object",
      description: "What the CRM answered.",
      properties: {
        status: { type: "integer" },
        code: text("The CRM’s own error code."),
        requestId: text("The CRM’s own id of the request, for its support."),
      },
    },
  },
  outcome: {
    schema: {
      enum: ["NOT_SENT", "UNKNOWN", "PARTIAL", "COMPLETED"],
      description: "What is known about a failed write.",
    },
  },
  id: {
    schema: text(
      "Global id of the record, if the outcome is COMPLETED, or PARTIAL because the CRM did not store a value.",
    ),
  },
  errors: {
    schema: {
      type: "object",
      additionalProperties: { type: "string" },
      description: "Input path → its problem.",
    },
    // PROVIDER_ERROR: inputs that the CRM did not store as they were written.
    codes: ["INVALID_INPUT", "MISSING_REQUIRED", "INVALID_DATE_RANGE", "PROVIDER_ERROR"],
    always: true,
    except: ["PROVIDER_ERROR"],
  },
  bound: {
    schema: {
      type: "object",
      description: "The limit of crmesh that the operation exceeds.",
      properties: {
        name: { type: "string" },
        limit: { type: "integer" },
        actual: { type: ["integer", "null"], description: "Null if counting stopped at the limit." },
        variable: text("The environment variable that sets the limit."),
      },
      required: ["name", "limit", "actual", "variable"],
    },
    codes: ["INVALID_INPUT"],
  },
  existingId: {
    schema: text("Global id of the record that already exists, if the CRM says which."),
    codes: ["DUPLICATE_RECORD"],
  },
  reconnectUrl: {
    schema: text("A Connect page on which the end user reconnects. It works once, for ten minutes."),
    codes: ["NEEDS_REAUTH", "PROVIDER_AUTH_FAILED"],
  },
};

/** Codes whose errors can have another HTTP status than the catalogue’s: requests that HTTP itself refuses. */
const CODES_OF_ANY_STATUS: ReadonlySet<ErrorCode> = new Set(["INVALID_INPUT"]);

/** What the errors of one code have in common: `code`, status, origin, actor and whether they can be retryable. */
export interface CodeFacts {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
}

export function codeFacts(code: ErrorCode): CodeFacts {
  const { status, origin, actor, retryable } = ERROR_CATALOGUE[code];
  const required = Object.entries(EXTENSION_MEMBERS)
    .filter(([, member]) => isAlways(member, code))
    .map(([name]) => name);
  return {
    properties: {
      code: { const: code },
      ...(CODES_OF_ANY_STATUS.has(code) ? {} : { http: { properties: { status: { const: status } } } }),
      origin: { const: origin },
      actor: { const: actor },
      // A retryable code is not always retryable: a write of unknown outcome is not.
      ...(retryable ? {} : { retryable: { const: false } }),
    },
    required,
  };
}

/** The JSON schema of `extensions`. It allows further members, because later versions of crmesh may add some. */
export function extensionsSchema(): Readonly<Record<string, unknown>> {
  const members = Object.entries(EXTENSION_MEMBERS);
  const limited = members.filter(([, { codes }]) => codes);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "extensions of an error of crmesh",
    type: "object",
    properties: {
      code: { type: "string" },
      ...Object.fromEntries(members.map(([name, { schema }]) => [name, schema])),
    },
    dependentSchemas: Object.fromEntries(
      limited.map(([name, { codes }]) => [name, { properties: { code: { enum: codes } } }]),
    ),
    oneOf: [
      ...ERROR_CODES.map(codeFacts),
      {
        properties: { code: { enum: [...GRAPHQL_DOCUMENT_CODES] }, http: { properties: { status: { const: 400 } } } },
        required: ["http", "requestId"],
      },
    ],
    required: ["code"],
  };
}
