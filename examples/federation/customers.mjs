/** The subgraph of a SaaS. Its customers name their records in CRMs, and crmesh brings them. */
import { readFile } from "node:fs/promises";
import { ApolloServer } from "@apollo/server";
import { ApolloServerPluginInlineTraceDisabled } from "@apollo/server/plugin/disabled";
import { startStandaloneServer } from "@apollo/server/standalone";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { parse } from "graphql";

const file = (name) => readFile(new URL(name, import.meta.url), "utf8");

/** The table of the SaaS. `id` is the `endUserId` that crmesh knows, `mainContact` the key of a record in a CRM. */
export const CUSTOMERS = JSON.parse(await file("customers.json"));

const resolvers = {
  Query: { customers: () => CUSTOMERS },
  Customer: { crm: ({ id }) => ({ endUserId: id }) },
};

/** @returns the subgraph for the composition, and how it stops */
export async function startCustomers() {
  const typeDefs = parse(await file("customers.graphql"));
  const server = new ApolloServer({
    schema: buildSubgraphSchema([{ typeDefs, resolvers }]),
    plugins: [ApolloServerPluginInlineTraceDisabled()],
  });
  const { url } = await startStandaloneServer(server, { listen: { port: 0, host: "127.0.0.1" } });
  return { name: "customers", url, typeDefs, stop: () => server.stop() };
}
