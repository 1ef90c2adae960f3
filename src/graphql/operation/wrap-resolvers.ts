import {
  defaultFieldResolver,
  isObjectType,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from "graphql";

/** A field of an object type, as `wrapResolvers` passes it on. */
export interface WrappedField<Context> {
  field: GraphQLField<unknown, unknown>;
  resolve: GraphQLFieldResolver<unknown, Context>;
  /** Whether the field is a root field of mutations. */
  isMutation: boolean;
}

/**
 * Replaces the resolvers of all object types, those of introspection included. They belong to graphql-js, which has one of
 * each for all schemas of a process.
 * @param wrap returns the new resolver; null keeps the field as it is
 */
export function wrapResolvers<Context>(
  schema: GraphQLSchema,
  wrap: (wrapped: WrappedField<Context>) => GraphQLFieldResolver<unknown, Context> | null,
): GraphQLSchema {
  const mutations = schema.getMutationType();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const resolve = (field.resolve ?? defaultFieldResolver) as GraphQLFieldResolver<unknown, Context>;
      const wrapped = wrap({ field, resolve, isMutation: type === mutations });
      if (wrapped) field.resolve = wrapped as GraphQLFieldResolver<unknown, unknown>;
    }
  }
  return schema;
}
