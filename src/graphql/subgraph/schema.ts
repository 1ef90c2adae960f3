import { mapSchema, MapperKind, printSchemaWithDirectives } from "@graphql-tools/utils";
import {
  GraphQLEnumType,
  GraphQLInputObjectType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
  isObjectType,
  lexicographicSortSchema,
  type GraphQLFieldConfig,
  type GraphQLFieldResolver,
} from "graphql";
import { isPage } from "../operation/read-records.js";
import type { OperationContext } from "../operation/context.js";
import type { Provider } from "../../providers/contract/contract.js";
import { UNIFIED_NAME, unifiedName } from "../operation/unified-name.js";
import { directivesOfField, directivesOfType, LINK, type Directives } from "./directives.js";
import { ENTITIES, resolveEntities } from "./entities.js";
import { weightsOf, type Weights } from "./weights.js";

export interface Subgraph {
  schema: GraphQLSchema;
  /** The text that composition reads, and that `_service` answers. */
  sdl: string;
}

/** Types with the same name in every subgraph: Relay's. */
const NEVER_RENAMED = new Set(["PageInfo"]);

/**
 * Makes the schema for federation gateways of the schema at `/graphql`: with keys and the other directives of Federation,
 * `_service` and `_entities`, and without `node` and `nodes`. A gateway cannot know which subgraph has the object of a
 * global id, so these would be answered by any subgraph.
 * @param providers the CRMs whose prices are the weights of fields
 * @param prefix begins the names of all types and root fields, for graphs in which others have a `Contact` too
 */
export function subgraphOf(schema: GraphQLSchema, providers: readonly Provider[], prefix = ""): Subgraph {
  const described = withDirectives(renamed(schema, prefix), weightsOf(schema, providers));
  const sdl = `${LINK}\n${printSchemaWithDirectives(lexicographicSortSchema(described))}\n`;
  return { schema: withEntities(described, sdl), sdl };
}

function renamed(schema: GraphQLSchema, prefix: string): GraphQLSchema {
  const roots = new Set<string>(["Query", "Mutation"]);
  const typeName = (name: string) => (roots.has(name) || NEVER_RENAMED.has(name) ? name : upperFirst(prefix) + name);
  const config = <Config extends { name: string; extensions: object }>(given: Config) => ({
    ...given,
    name: typeName(given.name),
    extensions: { ...given.extensions, [UNIFIED_NAME]: given.name },
  });
  const field = (given: GraphQLFieldConfig<unknown, unknown>, name: string): [string, typeof given] => [
    prefix === "" ? name : lowerFirst(prefix) + upperFirst(name),
    { ...given, extensions: { ...given.extensions, [UNIFIED_NAME]: name } },
  ];
  return mapSchema(schema, {
    // Only `node` and `nodes` have this type. Without the type, mapSchema leaves them out.
    [MapperKind.INTERFACE_TYPE]: () => null,
    [MapperKind.OBJECT_TYPE]: (type) => new GraphQLObjectType(config(type.toConfig())),
    [MapperKind.INPUT_OBJECT_TYPE]: (type) => new GraphQLInputObjectType(config(type.toConfig())),
    [MapperKind.ENUM_TYPE]: (type) => new GraphQLEnumType(config(type.toConfig())),
    [MapperKind.ROOT_FIELD]: field,
  });
}

/** Adds the directives of Federation as extensions, from which they are printed. */
function withDirectives(schema: GraphQLSchema, weights: Weights): GraphQLSchema {
  const extended = <Config extends { extensions?: object | null | undefined }>(
    given: Config,
    directives: Directives,
  ) => ({
    ...given,
    extensions: { ...given.extensions, directives },
  });
  return mapSchema(schema, {
    [MapperKind.OBJECT_TYPE]: (type) =>
      new GraphQLObjectType(extended(type.toConfig(), directivesOfType(unifiedName(type)))),
    [MapperKind.OBJECT_FIELD]: (field, name, typeName) => {
      const type = schema.getType(typeName)!;
      // The directive of the field that has the page says how many records the page has.
      if (isPage(type)) return undefined;
      const unified = unifiedName({ name, extensions: field.extensions ?? {} });
      return extended(field, directivesOfField(field, weights.get(`${unifiedName(type)}.${unified}`) ?? null));
    },
  });
}

function withEntities(schema: GraphQLSchema, sdl: string): GraphQLSchema {
  const types = Object.values(schema.getTypeMap()).filter(isObjectType);
  const entityTypes = types.filter((type) => unifiedName(type) in ENTITIES);
  const nameOf = (typename: string) => {
    const type = entityTypes.find(({ name }) => name === typename);
    return type ? unifiedName(type) : undefined;
  };
  const entity = new GraphQLUnionType({
    name: "_Entity",
    types: entityTypes,
    resolveType: (value) =>
      entityTypes.find((type) => (value as object) instanceof ENTITIES[unifiedName(type)]!.type)?.name,
  });
  const any = new GraphQLScalarType({ name: "_Any", description: "The `__typename` and the key fields of an object." });
  const service = new GraphQLObjectType({
    name: "_Service",
    fields: { sdl: { type: new GraphQLNonNull(GraphQLString), resolve: () => sdl } },
  });
  const list = new GraphQLNonNull(new GraphQLList(entity));
  const resolve = (_source: unknown, { representations }: { representations: unknown[] }, context: OperationContext) =>
    resolveEntities(context, representations, nameOf);
  const query = schema.getQueryType()!.toConfig();
  query.fields["_entities"] = {
    type: list,
    args: { representations: { type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(any))) } },
    resolve: resolve as GraphQLFieldResolver<unknown, unknown>,
  };
  query.fields["_service"] = { type: new GraphQLNonNull(service), resolve: () => ({}) };
  const config = schema.toConfig();
  return new GraphQLSchema({
    ...config,
    query: new GraphQLObjectType(query),
    types: config.types.filter((type) => type !== schema.getQueryType()),
  });
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
