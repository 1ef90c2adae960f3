/** The gateways from npm, each as a server on the loopback. */
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { ApolloGateway, RemoteGraphQLDataSource } from "@apollo/gateway";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { createGatewayRuntime } from "@graphql-hive/gateway-runtime";
import { GRAFBASE_VERSION, grafbase } from "./grafbase.js";

/** Headers of a request to the gateway that crmesh needs. */
const FORWARDED = ["authorization", "x-end-user-id", "x-crmesh-timeout-ms", "x-sandbox-fault"];

const versionOf = (name) =>
  JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url), "utf8")).version;

async function apolloGateway(supergraphSdl) {
  class Forwarding extends RemoteGraphQLDataSource {
    willSendRequest({ request, context }) {
      for (const name of FORWARDED)
        if (context.headers?.[name] !== undefined) request.http.headers.set(name, context.headers[name]);
    }
  }
  const gateway = new ApolloGateway({ supergraphSdl, buildService: ({ url }) => new Forwarding({ url }) });
  const server = new ApolloServer({ gateway });
  const { url } = await startStandaloneServer(server, {
    listen: { port: 0, host: "127.0.0.1" },
    context: async ({ req }) => ({ headers: req.headers }),
  });
  return { url, stop: () => server.stop() };
}

/** @param demandControl limits the estimated cost of an operation */
export async function hiveGateway(supergraph, _subgraphs, demandControl = false) {
  const gateway = createGatewayRuntime({
    supergraph,
    logging: false,
    landingPage: false,
    maskedErrors: false,
    demandControl,
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) =>
        Object.fromEntries(FORWARDED.map((name) => [name, request.headers.get(name) ?? undefined])),
    },
  });
  const server = createServer(gateway);
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await gateway[Symbol.asyncDispose]();
  };
  return { url: `http://127.0.0.1:${server.address().port}/graphql`, stop };
}

/** Each starts from the text of a supergraph and from the subgraphs that it was composed of. */
export const GATEWAYS = {
  [`@apollo/gateway ${versionOf("@apollo/gateway")}`]: apolloGateway,
  [`@graphql-hive/gateway-runtime ${versionOf("@graphql-hive/gateway-runtime")}`]: hiveGateway,
  ...(GRAFBASE_VERSION === null
    ? {}
    : { [`grafbase ${GRAFBASE_VERSION}`]: (_supergraph, subgraphs) => grafbase(subgraphs, FORWARDED) }),
};
