import { GraphQLScalarType, Kind, type ValueNode } from "graphql";
import { GraphQLDateTimeISO, GraphQLJSON, GraphQLURL } from "graphql-scalars";
import { numberFrom } from "../../../upstream/long-number.js";

/** A point in time. graphql-scalars parses and checks inputs. Adapters return ISO 8601, which is passed on unchanged. */
export const DateTime = new GraphQLScalarType<Date, string>({
  ...GraphQLDateTimeISO.toConfig(),
  name: "DateTime",
  description: "A point in time in RFC 3339 form, with an offset, e.g. 2026-11-23T09:30:00Z. Responses are in UTC.",
  specifiedByURL: "https://scalars.graphql.org/andimarek/date-time.html",
  serialize: (value) => (value instanceof Date ? value.toISOString() : String(value)),
});

/** Any JSON. In inputs, a number that a double does not give back is a `LongNumber`; responses have its digits as a string. */
export const JSONValue = new GraphQLScalarType<unknown>({ ...GraphQLJSON.toConfig(), parseLiteral: readLiteral });

function readLiteral(node: ValueNode, variables?: Record<string, unknown> | null): unknown {
  switch (node.kind) {
    case Kind.INT:
    case Kind.FLOAT:
      return numberFrom(node.value);
    case Kind.LIST:
      return node.values.map((value) => readLiteral(value, variables));
    case Kind.OBJECT: {
      // Names come from the caller: `__proto__` is a name like any other.
      const object = Object.create(null) as Record<string, unknown>;
      for (const { name, value } of node.fields) object[name.value] = readLiteral(value, variables);
      return object;
    }
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
    case Kind.NULL:
    case Kind.VARIABLE:
      return GraphQLJSON.parseLiteral(node, variables);
  }
}
export const URLValue = GraphQLURL;
