/** The same in Apollo Client, with its normalised cache. */
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache, type FieldReadFunction } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";
import { crmeshErrors } from "crmesh/client";
import { explain } from "./explain.js";
import { settings } from "./settings.js";

/** Lists differ by all their arguments except those of paging. */
const list = relayStylePagination(["provider", "endUserId", "filter", "orderBy"]);
/** A record that another query has read needs no request. The CRM's own id, which needs a provider, is none of the cache's. */
const byId =
  (__typename: string): FieldReadFunction =>
  (_existing, { args, toReference }) =>
    args?.["provider"] === undefined ? toReference({ __typename, id: args?.["id"] }) : undefined;

const cache = new InMemoryCache({
  // `id` is unique with its type, so that Apollo's default keys fit. A provider has no `id`.
  possibleTypes: { Node: ["Connection", "ConnectionEvent", "Contact", "EndUser", "Lead", "Meeting", "Person"] },
  typePolicies: {
    Provider: { keyFields: ["slug"] },
    Query: {
      fields: {
        contacts: list,
        leads: list,
        meetings: list,
        connectionEvents: relayStylePagination(["endUserId", "connectionId"]),
        contact: byId("Contact"),
        lead: byId("Lead"),
        meeting: byId("Meeting"),
        connection: byId("Connection"),
      },
    },
    Connection: { fields: { contacts: list, leads: list, meetings: list } },
    Contact: { fields: { leads: relayStylePagination(), meetings: relayStylePagination() } },
  },
});

let requests = 0;
const counting = new ApolloLink((operation, forward) => {
  requests += 1;
  return forward(operation);
});
const client = new ApolloClient({
  cache,
  link: counting.concat(
    new HttpLink({
      uri: settings.url,
      headers: { authorization: `Bearer ${settings.apiKey}`, "x-end-user-id": settings.endUserId, ...settings.headers },
    }),
  ),
});

interface Contact {
  id: string;
  fullName: string;
}
interface Contacts {
  contacts: { edges: { node: Contact | null }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } | null;
}
const CONTACTS = gql`
  query Contacts($after: String) {
    contacts(provider: "hubspot", first: 100, after: $after) {
      edges {
        cursor
        node {
          id
          fullName
        }
      }
      pageInfo {
        hasNextPage
        endCursor
        hasPreviousPage
        startCursor
      }
    }
  }
`;
const CONTACT = gql`
  query Contact($id: ID!) {
    contact(id: $id) {
      id
      fullName
    }
  }
`;

let data: Contacts | undefined;
for (let page = 1, after: string | null = null; page <= 100; page += 1) {
  // "all": what one CRM failed to give must not take away what the others gave.
  const answer: ApolloClient.QueryResult<Contacts> = await client.query<Contacts>({
    query: CONTACTS,
    variables: { after },
    errorPolicy: "all",
    fetchPolicy: "network-only",
  });
  if (answer.error) {
    const errors = crmeshErrors(answer.error);
    if (errors.length === 0) throw answer.error;
    for (const error of errors) console.log(`${error.code}, ${explain(error)}`);
    break;
  }
  // All pages so far: the cache has joined them.
  data = answer.data;
  if (!data?.contacts?.pageInfo.hasNextPage) break;
  after = data.contacts.pageInfo.endCursor;
}
const edges = data?.contacts?.edges ?? [];
console.log(`${edges.length} contacts in ${requests} requests`);

const last = edges.at(-1)?.node;
if (last) {
  const before = requests;
  const { data: again } = await client.query<{ contact: Contact }>({ query: CONTACT, variables: { id: last.id } });
  console.log(
    `${again?.contact.fullName === last.fullName ? "the same" : "another"} contact, ${requests - before} requests`,
  );
}
client.stop();
