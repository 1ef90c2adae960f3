import { GraphQLError } from "graphql";
import { GraphQLDateTimeISO } from "graphql-scalars";

/** The part of crmesh's schema that the query uses. */
export const typeDefs = `#graphql
  scalar DateTime

  enum MeetingStatus { SCHEDULED COMPLETED CANCELLED NO_SHOW RESCHEDULED OTHER }

  type EmailAddress { address: String! isPrimary: Boolean! }
  type Contact { id: ID! fullName: String! title: String emails: [EmailAddress!]! }
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
  type MeetingConnection { nodes: [Meeting]! pageInfo: PageInfo! }
  type Query { meetings(provider: String!, first: Int!): MeetingConnection }
`;

const STATUSES = {
  SCHEDULED: "SCHEDULED",
  COMPLETED: "COMPLETED",
  CANCELED: "CANCELLED",
  NO_SHOW: "NO_SHOW",
  RESCHEDULED: "RESCHEDULED",
};

export const resolvers = {
  DateTime: GraphQLDateTimeISO,
  Query: {
    async meetings(_, { provider, first }, { hubspot }) {
      if (provider !== "hubspot") throw new GraphQLError("There is only HubSpot here.");
      const { results, paging } = await hubspot.meetings(first);
      const after = paging?.next?.after;
      return {
        nodes: results,
        pageInfo: { hasNextPage: after !== undefined, endCursor: after ? globalId("after", after) : null },
      };
    },
  },
  Meeting: {
    id: ({ id }) => globalId("meeting", id),
    title: ({ properties }) => properties.hs_meeting_title || null,
    startAt: ({ properties, createdAt }) =>
      new Date(properties.hs_meeting_start_time || properties.hs_timestamp || createdAt),
    endAt: ({ properties }) => (properties.hs_meeting_end_time ? new Date(properties.hs_meeting_end_time) : null),
    location: ({ properties }) => properties.hs_meeting_location || null,
    status: ({ properties: { hs_meeting_outcome: outcome } }) => (outcome ? (STATUSES[outcome] ?? "OTHER") : null),
    attendees({ properties, associations }) {
      const users = (properties.hs_attendee_owner_ids ?? "").split(";").filter((id) => id !== "");
      const contacts = new Set(associations?.contacts?.results.map(({ id }) => id));
      return [...users.map(() => ({ contactId: null })), ...[...contacts].map((contactId) => ({ contactId }))];
    },
  },
  Attendee: {
    isOrganizer: () => false,
    contact: ({ contactId }, _, { contacts }) => (contactId === null ? null : contacts.load(contactId)),
  },
  Contact: {
    id: ({ id }) => globalId("contact", id),
    fullName: ({ properties: { firstname, lastname, email } }) =>
      [firstname, lastname].filter(Boolean).join(" ") || email || "",
    title: ({ properties }) => properties.jobtitle || null,
    emails: ({ properties: { email, hs_additional_emails: others } }) =>
      [email, ...(others ?? "").split(";")]
        .filter(Boolean)
        .map((address, index) => ({ address: address.trim(), isPrimary: index === 0 })),
  },
};

function globalId(kind, id) {
  return Buffer.from(`${kind}:${id}`).toString("base64url");
}
