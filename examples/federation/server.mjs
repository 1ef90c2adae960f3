/**
 * A SaaS with customers of its own, and a gateway that joins them with the contacts and meetings that crmesh reads from
 * their CRMs. It asks the gateway one query and prints the answer.
 */
import { readFile } from "node:fs/promises";
import { composeServices } from "@apollo/composition";
import { ApolloGateway, RemoteGraphQLDataSource } from "@apollo/gateway";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { parse } from "graphql";

const { PORT = "4200", CRMESH_URL = "http://127.0.0.1:4000", CRMESH_API_KEY = "sk_test_demo" } = process.env;

/** The table of the SaaS. `id` is the `endUserId` that crmesh knows. */
const CUSTOMERS = [
  { id: "demo", name: "Acme GmbH", mainContact: { providerSlug: "hubspot", nativeId: process.env.CONTACT_ID ?? "1" } },
  { id: "customer-2", name: "Has no CRM yet", mainContact: null },
];

const typeDefs = parse(await readFile(new URL("customers.graphql", import.meta.url), "utf8"));
const resolvers = {
  Query: { customers: () => CUSTOMERS },
  Customer: {
    crm: ({ id }) => ({ endUserId: id }),
    mainContact: ({ id, mainContact }) => mainContact && { endUserId: id, ...mainContact },
  },
};
const listen = (port) => ({ listen: { port, host: "127.0.0.1" } });
const customers = new ApolloServer({ schema: buildSubgraphSchema([{ typeDefs, resolvers }]) });
const { url } = await startStandaloneServer(customers, listen(0));

const crmesh = parse(await readFile(new URL("crmesh.subgraph.graphql", import.meta.url), "utf8"));
const { supergraphSdl, errors } = composeServices([
  { name: "customers", url, typeDefs },
  { name: "crmesh", url: `${CRMESH_URL}/subgraph`, typeDefs: crmesh },
]);
if (errors) throw new AggregateError(errors, "The subgraphs do not compose.");

/** The gateway has crmesh’s key, and its clients do not. */
class Source extends RemoteGraphQLDataSource {
  willSendRequest({ request }) {
    if (this.url.startsWith(CRMESH_URL)) request.http.headers.set("authorization", `Bearer ${CRMESH_API_KEY}`);
  }
}
const gateway = new ApolloGateway({ supergraphSdl, buildService: (service) => new Source({ url: service.url }) });
const server = new ApolloServer({ gateway });
const { url: gatewayUrl } = await startStandaloneServer(server, listen(Number(PORT)));

const query = await readFile(new URL("query.graphql", import.meta.url), "utf8");
const response = await fetch(gatewayUrl, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ query, variables: { now: new Date().toISOString() } }),
});
console.log(JSON.stringify(await response.json(), null, 2));
console.log(`The gateway listens on ${gatewayUrl}`);
