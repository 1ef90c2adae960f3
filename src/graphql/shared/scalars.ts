import { GraphQLDateTimeISO, GraphQLJSON, GraphQLURL } from "graphql-scalars";

/** An instant, RFC 3339 with its offset; answers are in UTC. */
export const DateTime = GraphQLDateTimeISO;
export const JSONValue = GraphQLJSON;
export const URLValue = GraphQLURL;
