import { times } from "./cases.js";

const CONTACT = `id nativeId firstName lastName fullName title department description doNotContact leadSource lifecycleStage
  rawLifecycleStage tags websites url createdAt updatedAt lastActivityAt raw
  emails { address type rawType isPrimary } phones { number e164 extension type rawType isPrimary }
  addresses { street1 street2 city state postalCode country type rawType }
  company { id name } owner { id name email } customFields { key label type value }
  provider { slug name } connection { id status accountName }`;
const MEETING = `id nativeId title description internalNotes startAt endAt durationMinutes isAllDay location videoUrl status rawStatus
  timeZone tags url createdAt updatedAt raw owner { id name email } organizer { id name email } customFields { key label type value }
  attendees { name email response isOrganizer }`;
const FULL_TYPE = `kind name description fields(includeDeprecated: true) { name description args { name description type { ...T } }
  type { ...T } } inputFields { name description type { ...T } } interfaces { ...T } enumValues { name description } possibleTypes { ...T }`;
const TYPE_REF = "fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/**
 * Candidates for the dearest operation that the defaults allow: each { name, query, variables } or a function of the targets
 * that makes one or several. A new one is an entry here.
 */
export const DEAREST = [
  {
    name: "100 contacts with every field",
    query: `{ contacts(provider: "hubspot", first: 100) { edges { cursor node { ${CONTACT} } } pageInfo { hasNextPage } } }`,
  },
  {
    name: "100 meetings with every field",
    query: `{ meetings(provider: "hubspot", first: 100) { edges { cursor node { ${MEETING} } } } }`,
  },
  {
    name: "10 pages of 100 contacts with every field",
    query: `{ ${times(10, `a#: contacts(provider: "hubspot", first: 100) { nodes { ${CONTACT} } }`)} }`,
  },
  {
    name: "ten CRMs, three pages of 100, every field",
    query: `{ connections { contacts(first: 100) { nodes { ${CONTACT} } } leads(first: 100) { nodes { id fullName raw emails { address } phones { e164 } customFields { key value } } } meetings(first: 100) { nodes { ${MEETING} } } } }`,
  },
  {
    name: "280 pages of one contact",
    query: `{ ${times(280, 'a#: contacts(provider: "hubspot", first: 1) { nodes { id fullName } pageInfo { endCursor } }')} }`,
  },
  {
    name: "199 pages of 100 ids",
    query: `{ ${times(199, 'a#: contacts(provider: "hubspot", first: 100) { nodes { id } }')} }`,
  },
  {
    name: "199 pages of 100 cursors",
    query: `{ ${times(199, 'a#: contacts(provider: "hubspot", first: 100) { edges { cursor } }')} }`,
  },
  ({ providers }) =>
    providers.map((slug) => ({
      name: `100 contacts of ${slug}, raw under 290 aliases`,
      query: `{ contacts(provider: "${slug}", first: 100) { nodes { ${times(290, "a#: raw")} } } }`,
    })),
  {
    name: "100 contacts, phones under 290 aliases",
    query: `{ contacts(provider: "hubspot", first: 100) { nodes { ${times(290, "a#: phones { e164 number }")} } } }`,
  },
  {
    name: "100 contacts, custom fields under 290 aliases",
    query: `{ contacts(provider: "salesforce", first: 100) { nodes { ${times(290, "a#: customFields { key label value }")} } } }`,
  },
  {
    name: "attendees of meetings of attendees",
    query: `{ meetings(provider: "hubspot", first: 100) { nodes { attendees { contact { meetings(first: 100) { nodes { attendees { contact { id fullName emails { address } } } } } } } } } }`,
  },
  {
    name: "contacts of meetings of contacts, four levels",
    query: `{ meetings(provider: "odoo", first: 50) { nodes { contacts { meetings(first: 10) { nodes { contacts { meetings(first: 10) { nodes { attendees { email } } } } } } } } } }`,
  },
  {
    name: "contacts of meetings of contacts, six levels",
    query: `{ meetings(provider: "salesforce", first: 20) { nodes { contacts { meetings { nodes { contacts { meetings { nodes { contacts { id fullName } } } } } } } } } }`,
  },
  {
    name: "meetings and leads of 100 contacts",
    query: `{ contacts(provider: "hubspot", first: 100) { nodes { id meetings(first: 100) { nodes { id title } } leads(first: 100) { nodes { id fullName } } } } }`,
  },
  {
    name: "connection and end user of 100 contacts under 140 aliases",
    query: `{ contacts(provider: "hubspot", first: 100) { nodes { ${times(140, "a#: connection { endUser { id } }")} } } }`,
  },
  ({ crowdedMeeting }) => ({
    name: "two circles of meetings, from a meeting of 300",
    query: `query ($id: ID!) { meeting(id: $id) { attendees { contact { meetings { nodes { attendees { contact { id fullName } } } } } } } }`,
    variables: { id: crowdedMeeting },
  }),
  ({ crowdedMeeting }) => ({
    name: "three circles of meetings, from a meeting of 300",
    query: `query ($id: ID!) { meeting(id: $id) { attendees { contact { meetings(first: 1) { nodes { attendees { contact {
      meetings(first: 1) { nodes { attendees { email } } } } } } } } } } }`,
    variables: { id: crowdedMeeting },
  }),
  ({ manyContacts }) => ({
    name: "1,000 ids in nodes",
    query: `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Contact { ${CONTACT} } } }`,
    variables: { ids: manyContacts },
  }),
  ({ manyContacts }) => ({
    name: "20 × 1,000 ids in nodes",
    query: `query ($ids: [ID!]!) { ${times(20, "a#: nodes(ids: $ids) { ... on Contact { id fullName } }")} }`,
    variables: { ids: manyContacts },
  }),
  ({ manyContacts }) => ({
    name: "20 × 1,000 ids in nodes with connection and end user",
    query: `query ($ids: [ID!]!) { ${times(20, "a#: nodes(ids: $ids) { ... on Contact { connection { endUser { id } } } }")} }`,
    variables: { ids: manyContacts },
  }),
  {
    name: "full introspection",
    query: `{ __schema { types { ${FULL_TYPE} } directives { name args { name } } } } ${TYPE_REF}`,
  },
  {
    name: "full introspection under 100 aliases",
    query: `{ ${times(100, `a#: __schema { types { ...F } }`)} } fragment F on __Type { ${FULL_TYPE} } ${TYPE_REF}`,
  },
  {
    name: "fields of types of fields of all types",
    query: `{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } }`,
  },
  {
    name: "299 times all providers with capabilities",
    query: `{ ${times(99, "a#: providers { name limits { description } capabilities { fields filters writableInputs } }")} }`,
  },
  {
    name: "299 times the error codes",
    query: `{ ${times(299, "a#: errorCodes { code message resolution origin actor }")} }`,
  },
  {
    name: "299 pages of connection events",
    query: `{ ${times(299, "a#: connectionEvents(first: 100) { edges { cursor node { id detail } } }")} }`,
  },
  {
    name: "299 upserts of end users",
    query: `mutation { ${times(299, 'a#: upsertEndUser(input: { endUserId: "dear-#" }) { id }')} }`,
  },
  {
    name: "299 creates of contacts",
    query: `mutation { ${times(299, 'a#: createContact(provider: "hubspot", input: { lastName: "Dear#" }) { id }')} }`,
  },
];
