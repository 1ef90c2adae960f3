import { GraphQLError } from "graphql";
import { attendeesOf, contactFields, contactProperties, meetingFields, nativeIdOf, pageOf } from "./fields.js";

/** The part of crmesh's schema that the operations use. */
export const typeDefs = `#graphql
  scalar DateTime

  enum MeetingStatus { SCHEDULED COMPLETED CANCELLED NO_SHOW RESCHEDULED OTHER }
  enum LifecycleStage {
    SUBSCRIBER LEAD MARKETING_QUALIFIED SALES_QUALIFIED OPPORTUNITY CUSTOMER EVANGELIST OTHER
  }

  interface Node { id: ID! }
  type EmailAddress { address: String! isPrimary: Boolean! }
  type PhoneNumber { number: String! type: String }
  type Contact implements Node {
    id: ID!
    nativeId: String!
    firstName: String
    lastName: String
    fullName: String!
    title: String
    emails: [EmailAddress!]!
    phones: [PhoneNumber!]!
    lifecycleStage: LifecycleStage
    createdAt: DateTime
    updatedAt: DateTime
  }
  type Attendee { isOrganizer: Boolean! contact: Contact }
  type Meeting {
    id: ID!
    title: String
    startAt: DateTime!
    endAt: DateTime
    location: String
    status: MeetingStatus
    attendees: [Attendee!]
  }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type ContactConnection { nodes: [Contact]! pageInfo: PageInfo! }
  type MeetingConnection { nodes: [Meeting]! pageInfo: PageInfo! }
  type Query {
    contacts(provider: String!, first: Int!): ContactConnection
    meetings(provider: String!, first: Int!): MeetingConnection
    nodes(ids: [ID!]!): [Node]!
  }

  input EmailAddressInput { address: String! }
  input ContactInput { firstName: String lastName: String title: String emails: [EmailAddressInput!] }
  type Mutation { createContact(provider: String!, input: ContactInput!): Contact }
`;

export const resolvers = {
  Query: {
    async contacts(_, { provider, first }, { hubspot }) {
      refuseOthers(provider);
      return pageOf(await hubspot.contacts(first));
    },
    async meetings(_, { provider, first }, { hubspot }) {
      refuseOthers(provider);
      return pageOf(await hubspot.meetings(first));
    },
    nodes: (_, { ids }, { byId }) => byId.loadMany(ids.map(nativeIdOf)),
  },
  Mutation: {
    async createContact(_, { provider, input }, { hubspot }) {
      refuseOthers(provider);
      return hubspot.createContact(contactProperties(input));
    },
  },
  Node: { __resolveType: () => "Contact" },
  Meeting: { ...meetingFields, attendees: attendeesOf },
  Attendee: {
    isOrganizer: () => false,
    contact: ({ contactId }, _, { attendees }) => (contactId === null ? null : attendees.load(contactId)),
  },
  Contact: contactFields,
};

function refuseOthers(provider) {
  if (provider !== "hubspot") throw new GraphQLError("There is only HubSpot here.");
}
