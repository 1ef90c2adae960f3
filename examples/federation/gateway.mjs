/** Apollo Gateway, which joins the customers with crmesh. */
import { composeServices } from "@apollo/composition";
import { ApolloGateway, RemoteGraphQLDataSource } from "@apollo/gateway";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";

/**
 * @param subgraphs `{ name, url, typeDefs }` of each
 * @param headers by the name of a subgraph: the gateway has crmesh’s key, and its clients do not
 * @returns the address, and how it stops
 */
export async function startGateway({ subgraphs, headers, port }) {
  const { supergraphSdl, errors } = composeServices(subgraphs);
  if (errors) throw new AggregateError(errors, "The subgraphs do not compose.");

  class Source extends RemoteGraphQLDataSource {
    willSendRequest({ request }) {
      for (const [name, value] of Object.entries(this.headers ?? {})) request.http.headers.set(name, value);
    }
  }
  const buildService = ({ name, url }) => new Source({ url, headers: headers[name] });
  const server = new ApolloServer({ gateway: new ApolloGateway({ supergraphSdl, buildService }) });
  const { url } = await startStandaloneServer(server, { listen: { port, host: "127.0.0.1" } });
  return { url, stop: () => server.stop() };
}
