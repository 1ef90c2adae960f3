import { GraphQLScalarType } from "graphql";
import { GraphQLDateTimeISO, GraphQLJSON, GraphQLURL } from "graphql-scalars";

/** A point in time. graphql-scalars parses and checks inputs. Adapters return ISO 8601, which is passed on unchanged. */
export const DateTime = new GraphQLScalarType<Date, string>({
  ...GraphQLDateTimeISO.toConfig(),
  name: "DateTime",
  description: "A point in time in RFC 3339 form, with an offset, e.g. 2026-11-23T09:30:00Z. Responses are in UTC.",
  specifiedByURL: "https://scalars.graphql.org/andimarek/date-time.html",
  serialize: (value) => (value instanceof Date ? value.toISOString() : String(value)),
});
export const JSONValue = GraphQLJSON;
export const URLValue = GraphQLURL;
