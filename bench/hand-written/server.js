import { ApolloServer } from "@apollo/server";
import { ApolloServerPluginCacheControlDisabled } from "@apollo/server/plugin/disabled";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import Fastify from "fastify";
import { HubSpot } from "./hubspot.js";
import { ATTENDEE_PROPERTIES, NAME_PROPERTIES } from "./properties.js";
import { resolvers, typeDefs } from "./schema.js";

/**
 * What a good engineer would write for this one CRM and these few operations: Apollo, DataLoader and got, the same
 * calls, and nothing else: no circuits, no pacing, no field maps, no documented errors, no keys in a database.
 */
export async function startHandWritten({ origin, accessToken, key }) {
  // Disabled in crmesh too: left on, it would only make this server slower.
  const plugins = [ApolloServerPluginCacheControlDisabled()];
  const apollo = new ApolloServer({ typeDefs, resolvers, plugins, introspection: false });
  await apollo.start();
  const hubspot = new HubSpot({ origin, accessToken });
  const app = Fastify();
  const context = async () => ({
    hubspot,
    attendees: hubspot.contactLoader(ATTENDEE_PROPERTIES),
    byId: hubspot.contactLoader(NAME_PROPERTIES),
  });
  app.post(
    "/graphql",
    {
      preHandler: async (request, reply) => {
        if (request.headers.authorization !== `Bearer ${key}`) return reply.code(401).send({ error: "Who are you?" });
      },
    },
    fastifyApolloHandler(apollo, { context }),
  );
  return `${await app.listen({ host: "127.0.0.1", port: 0 })}/graphql`;
}
