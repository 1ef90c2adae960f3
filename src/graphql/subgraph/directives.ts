import type { GraphQLFieldConfig } from "graphql";
import { ENTITY_KEYS } from "../operation/representation.js";
import { DEFAULT_PAGE_SIZE } from "../operation/page-size.js";
import { assumedLength } from "./weights.js";

/**
 * The version of Federation in the `@link` of the subgraph: the oldest that has all directives used here, because
 * composition libraries lag behind the newest.
 */
const FEDERATION = "https://specs.apollo.dev/federation/v2.9";

/** The lines that begin the subgraph's SDL. */
export const LINK = `extend schema
  @link(url: "${FEDERATION}", import: ["@key", "@shareable", "@cost", "@listSize"])
`;

/** Types that are plain values, so that other subgraphs may have them too. `PageInfo` is Relay's. */
const VALUE_TYPES = new Set([
  "Address",
  "CompanyRef",
  "Completeness",
  "CustomField",
  "CustomFieldDefinition",
  "CustomFieldOption",
  "EmailAddress",
  "Money",
  "PageInfo",
  "PhoneNumber",
]);

/** Names of directives and their arguments. A list stands for a directive that is repeated. */
export type Directives = Record<string, object | object[]>;

/** @param name the type’s name in `schema.graphql` */
export function directivesOfType(name: string): Directives {
  const keys = ENTITY_KEYS[name];
  if (keys) return { key: keys.map((fields) => ({ fields: fields.join(" ") })) };
  return VALUE_TYPES.has(name) ? { shareable: {} } : {};
}

/** The size of a page, for gateways that estimate the cost of a query. */
const PAGE_SIZE: Directives = {
  listSize: {
    assumedSize: DEFAULT_PAGE_SIZE,
    slicingArguments: ["first"],
    sizedFields: ["edges", "nodes"],
    requireOneSlicingArgument: false,
  },
};

/**
 * The directives by which gateways estimate the cost of a query.
 * @param weight null if the field weighs what gateways take for granted
 */
export function directivesOfField(field: GraphQLFieldConfig<unknown, unknown>, weight: number | null): Directives {
  const isPage = field.args?.["first"] !== undefined;
  const length = assumedLength(field);
  return {
    ...(weight === null ? {} : { cost: { weight } }),
    ...(isPage ? PAGE_SIZE : length === null ? {} : { listSize: { assumedSize: length } }),
  };
}
