import { ERROR_CATALOGUE, ERROR_CODES, GRAPHQL_DOCUMENT_CODES, type ErrorCode } from "../errors/catalogue.js";
import {
  codeFacts,
  EXTENSION_MEMBERS,
  isAlways,
  type ExtensionMember,
  type JsonSchema,
} from "../errors/extensions-schema.js";

const MEMBERS = Object.entries(EXTENSION_MEMBERS);
const COMMON = MEMBERS.filter(([, { codes }]) => codes === undefined);

/** The text of `src/client/error-types.ts`: the errors of the API as TypeScript types that need nothing else. */
export function clientErrorTypes(): string {
  return `// Generated from src/errors/catalogue.ts by \`npm run generate\`. Do not edit it.

/** What the errors of all codes of the catalogue have. */
export interface ErrorExtensions {
${COMMON.map(([name, member]) => memberText("  ", name, member)).join("\n")}
}

/** What the errors have with which GraphQL itself refuses a document. */
export type DocumentErrorExtensions = Pick<ErrorExtensions, "http" | "requestId"> & Partial<ErrorExtensions>;

/** \`extensions\` of an error, by its code. */
export interface ErrorExtensionsByCode {
${ERROR_CODES.map(entryOf).join("\n")}
${[...GRAPHQL_DOCUMENT_CODES].map(documentEntryOf).join("\n")}
}

/** Every code that an error of the API can have. */
export type ErrorCode = keyof ErrorExtensionsByCode;

export const ERROR_CODES: readonly ErrorCode[] = [
${[...ERROR_CODES, ...GRAPHQL_DOCUMENT_CODES].map((code) => `  "${code}",`).join("\n")}
];
`;
}

function entryOf(code: ErrorCode): string {
  const { message, resolution } = ERROR_CATALOGUE[code];
  // The HTTP status is a number, because a status that HTTP itself has for a refusal replaces the catalogue's.
  const { http: _http, ...facts } = codeFacts(code).properties;
  const own = MEMBERS.filter(([, { codes }]) => codes?.includes(code));
  return `  /** ${message}. ${resolution} */
  ${code}: ErrorExtensions & {
${Object.entries(facts)
  .map(([name, schema]) => `    ${name}: ${typeOf(schema)};`)
  .join("\n")}
${own.map(([name, member]) => `${memberText("    ", name, member, isAlways(member, code))}\n`).join("")}  };`;
}

function documentEntryOf(code: string): string {
  return `  /** GraphQL itself refused the document. */
  ${code}: DocumentErrorExtensions & { code: "${code}" };`;
}

function memberText(
  indent: string,
  name: string,
  { schema, always }: ExtensionMember,
  isThere: boolean | undefined = always,
): string {
  const comment = schema.description === undefined ? "" : `${indent}/** ${schema.description} */\n`;
  return `${comment}${indent}${name}${isThere ? "" : "?"}: ${typeOf(schema)};`;
}

/** The TypeScript type of a schema. @throws Error for a schema that has none */
function typeOf({
  type,
  enum: values,
  const: value,
  properties,
  required = [],
  additionalProperties,
}: JsonSchema): string {
  if (value !== undefined) return JSON.stringify(value);
  if (values) return values.map((one) => JSON.stringify(one)).join(" | ");
  if (additionalProperties) return `Record<string, ${typeOf(additionalProperties)}>`;
  if (properties) {
    const members = Object.entries(properties).map(
      ([name, schema]) => `${name}${required.includes(name) ? "" : "?"}: ${typeOf(schema)}`,
    );
    return `{ ${members.join("; ")} }`;
  }
  return [type ?? []].flat().map(simpleType).join(" | ");
}

function simpleType(type: string): string {
  switch (type) {
    case "string":
    case "boolean":
    case "null":
      return type;
    case "integer":
      return "number";
    default:
      throw new Error(`There is no TypeScript type for the JSON type ${type}.`);
  }
}
