/** The subgraphs that are composed with crmesh. Their objects are what the caller's variables say. */
import { ApolloServer } from "@apollo/server";
import { ApolloServerPluginInlineTraceDisabled } from "@apollo/server/plugin/disabled";
import { startStandaloneServer } from "@apollo/server/standalone";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { parse } from "graphql";

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])';

/** Names records of crmesh by the CRM's own ids, and customers by the SaaS's id. */
export const NATIVE = `${LINK}
type Query { customers(ids: [ID!]!): [Customer!]! nativeContacts(refs: [Ref!]!): [Contact]! nativeLeads(refs: [Ref!]!): [Lead]! nativeMeetings(refs: [Ref!]!): [Meeting]! nativePersons(refs: [PersonRef!]!): [Person]! }
input Ref { endUserId: ID! providerSlug: String! nativeId: String! }
input PersonRef { endUserId: ID! email: String! }
type Customer @key(fields: "id") { id: ID! name: String! crm: EndUser! }
type EndUser @key(fields: "endUserId", resolvable: false) { endUserId: ID! }
type Contact @key(fields: "endUserId providerSlug nativeId", resolvable: false) { endUserId: ID! providerSlug: String! nativeId: String! }
type Lead @key(fields: "endUserId providerSlug nativeId", resolvable: false) { endUserId: ID! providerSlug: String! nativeId: String! }
type Meeting @key(fields: "endUserId providerSlug nativeId", resolvable: false) { endUserId: ID! providerSlug: String! nativeId: String! }
type Person @key(fields: "endUserId email", resolvable: false) { endUserId: ID! email: String @shareable }
`;

/** Names records of crmesh by their global ids. */
export const GLOBAL = `${LINK}
type Query { storedContacts(ids: [ID!]!): [Contact]! storedLeads(ids: [ID!]!): [Lead]! storedMeetings(ids: [ID!]!): [Meeting]! storedConnections(ids: [ID!]!): [Connection]! storedProviders(slugs: [String!]!): [Provider]! storedPersons(ids: [ID!]!): [Person]! }
type Contact @key(fields: "id", resolvable: false) { id: ID! }
type Lead @key(fields: "id", resolvable: false) { id: ID! }
type Meeting @key(fields: "id", resolvable: false) { id: ID! }
type Connection @key(fields: "id", resolvable: false) { id: ID! }
type Provider @key(fields: "slug", resolvable: false) { slug: String! }
type Person @key(fields: "id", resolvable: false) { id: ID! }
`;

/** Has types and fields of its own with names that crmesh uses without a prefix. */
export const CLASHING = `${LINK}
type Query { node(id: ID!): Node contact(id: ID!): Contact contacts: [Contact!]! contactPage: ContactPage! }
interface Node { id: ID! }
type Contact implements Node @key(fields: "id") { id: ID! name: String! address: Address }
type Address { lines: [String!]! }
type ContactPage { pageInfo: PageInfo! }
type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
`;

const ids = (_source, args) => args.ids.map((id) => ({ id }));
const refs = (_source, args) => args.refs;
const mine = (id) => ({ id, name: `Own ${id}`, address: { lines: ["Own street"] } });

const RESOLVERS = {
  native: {
    Query: { customers: ids, nativeContacts: refs, nativeLeads: refs, nativeMeetings: refs, nativePersons: refs },
    Customer: { name: ({ id }) => `Customer ${id}`, crm: ({ id }) => ({ endUserId: id }) },
  },
  global: {
    Query: {
      storedContacts: ids,
      storedLeads: ids,
      storedMeetings: ids,
      storedConnections: ids,
      storedPersons: ids,
      storedProviders: (_source, { slugs }) => slugs.map((slug) => ({ slug })),
    },
  },
  clashing: {
    Query: {
      node: (_source, { id }) => ({ __typename: "Contact", ...mine(id) }),
      contact: (_source, { id }) => mine(id),
      contacts: () => [mine("1"), mine("2")],
      contactPage: () => ({ pageInfo: { hasNextPage: false, hasPreviousPage: false } }),
    },
    Contact: { __resolveReference: ({ id }) => mine(id) },
  },
};

/** Starts the three subgraphs. */
export async function startSubgraphs() {
  const started = {};
  for (const [name, sdl] of Object.entries({ native: NATIVE, global: GLOBAL, clashing: CLASHING })) {
    const server = new ApolloServer({
      plugins: [ApolloServerPluginInlineTraceDisabled()],
      schema: buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: RESOLVERS[name] }]),
    });
    const { url } = await startStandaloneServer(server, { listen: { port: 0, host: "127.0.0.1" } });
    started[name] = { name, sdl, url, stop: () => server.stop() };
  }
  return started;
}
