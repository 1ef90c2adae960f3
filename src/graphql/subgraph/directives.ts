import type { GraphQLFieldConfig } from "graphql";
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

/** The keys of the entities. A key is a list of fields, with which another subgraph names one object. */
export const ENTITY_KEYS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Contact: [["id"], ["endUserId", "providerSlug", "nativeId"]],
  Lead: [["id"], ["endUserId", "providerSlug", "nativeId"]],
  Meeting: [["id"], ["endUserId", "providerSlug", "nativeId"]],
  Connection: [["id"]],
  EndUser: [["endUserId"]],
  Provider: [["slug"]],
};

/** Types that are plain values, so that other subgraphs may have them too. `PageInfo` is Relay's. */
const VALUE_TYPES = new Set([
  "Address",
  "CompanyRef",
  "Completeness",
  "CustomField",
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
