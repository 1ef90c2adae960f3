import { CrmError } from "../../errors/crm-error.js";

/** A limit on the size of one operation or of its answer. Operators set it with an environment variable. */
export interface BoundDefinition {
  /** The environment variable that sets the bound. */
  readonly variable: string;
  readonly default: number;
  /** The largest value that the variable accepts. */
  readonly max: number;
  /** The unit that follows a number in an error: "300 aliases". */
  readonly unit: string;
  /** Advice to the caller on how to stay below the bound. */
  readonly advice: string;
}

function bound(variable: string, value: number, max: number, unit: string, advice: string): BoundDefinition {
  return { variable, default: value, max, unit, advice };
}

const PAGE_ADVICE = "Request smaller pages (`first`) and continue with `after`, or select fewer levels of fields.";

/** All bounds of an operation. docs/configuration.md lists them for operators. */
export const BOUNDS = {
  tokens: bound("CRMESH_MAX_DOCUMENT_TOKENS", 10_000, 1_000_000, "tokens", "Send a shorter document."),
  visits: bound(
    "CRMESH_MAX_DOCUMENT_VISITS",
    100_000,
    100_000_000,
    "validation steps",
    "Spread fragments in fewer places, and select a field under the same name less often.",
  ),
  depth: bound("CRMESH_MAX_DOCUMENT_DEPTH", 15, 1_000, "levels of fields", "Select fewer levels of fields."),
  aliases: bound("CRMESH_MAX_DOCUMENT_ALIASES", 300, 100_000, "aliases", "Split the document into several requests."),
  directives: bound(
    "CRMESH_MAX_DOCUMENT_DIRECTIVES",
    50,
    100_000,
    "directives",
    "Split the document into several requests.",
  ),
  mutations: bound("CRMESH_MAX_MUTATIONS", 100, 10_000, "mutation fields", "Send the mutations in several requests."),
  inputValues: bound(
    "CRMESH_MAX_INPUT_VALUES",
    10_000,
    10_000_000,
    "values in the variables",
    "Send fewer values per request.",
  ),
  records: bound("CRMESH_MAX_RECORDS", 3_000, 1_000_000, "records", PAGE_ADVICE),
  calls: bound(
    "CRMESH_MAX_CALLS",
    1_000,
    1_000_000,
    "upstream calls",
    "Request smaller pages (`first`) or fewer linked records; `POST /graphql/price` answers the price without a call.",
  ),
  window: bound(
    "CRMESH_MAX_WINDOW",
    500,
    10_000,
    "records of one CRM to sort",
    "Choose an order that the CRM has, or a filter that it applies.",
  ),
  objects: bound("CRMESH_MAX_OBJECTS", 30_000, 100_000_000, "objects in the response", PAGE_ADVICE),
  fields: bound("CRMESH_MAX_FIELDS", 250_000, 1_000_000_000, "fields in the response", PAGE_ADVICE),
  answerBytes: bound("CRMESH_MAX_ANSWER_BYTES", 10_000_000, 1_000_000_000, "bytes in the response", PAGE_ADVICE),
} as const satisfies Record<string, BoundDefinition>;

export type BoundName = keyof typeof BOUNDS;

/** The values of all bounds in this process. */
export type Bounds = Readonly<Record<BoundName, number>>;

export const DEFAULT_BOUNDS = Object.fromEntries(
  Object.entries(BOUNDS).map(([name, definition]) => [name, definition.default]),
) as Bounds;

/**
 * Makes the error for an operation that exceeds a bound.
 * @param actual the counted number; null if counting stopped at the bound
 * @param verb the verb between "This operation" and the number, e.g. "may read up to"
 */
export function boundExceeded(bounds: Bounds, name: BoundName, actual: number | null, verb = "has"): CrmError {
  return limitExceeded(name, { limit: bounds[name], variable: BOUNDS[name].variable }, actual, verb);
}

/** Makes the same error for a limit that is set elsewhere, e.g. at the API key. */
export function limitExceeded(
  name: BoundName,
  { limit, variable }: { limit: number; variable: string },
  actual: number | null,
  verb: string,
): CrmError {
  const { unit, advice } = BOUNDS[name];
  const counted = actual === null ? `more than ${limit}` : String(actual);
  return new CrmError("INVALID_INPUT", {
    errors: {
      query: `This operation ${verb} ${counted} ${unit}; at most ${limit} are allowed (${variable}). ${advice}`,
    },
    bound: { name, limit, actual, variable },
  });
}
