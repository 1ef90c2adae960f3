/** What the benchmarks ask. */

const CONTACT_FIELDS = `
  id nativeId firstName lastName fullName title
  emails { address isPrimary } phones { number type }
  lifecycleStage createdAt updatedAt`;

/** 20 contacts, as a list in a product shows them. */
export const TWENTY_CONTACTS = {
  query: `query Contacts($first: Int!) {
    contacts(provider: "hubspot", first: $first) { nodes { ${CONTACT_FIELDS} } pageInfo { hasNextPage endCursor } }
  }`,
  variables: { first: 20 },
};

/** The largest page, with everything that the CRM returned. */
export const PAGE_OF_CONTACTS = {
  query: `{ contacts(provider: "hubspot", first: 100) { nodes { ${CONTACT_FIELDS} raw } } }`,
};

/** 50 meetings with the contacts that attend them. */
export function meetingsWithContacts(provider) {
  return {
    query: `query Meetings($provider: String!, $first: Int!) {
      meetings(provider: $provider, first: $first) {
        nodes {
          id title startAt endAt location status
          attendees { isOrganizer contact { id fullName title emails { address isPrimary } } }
        }
        pageInfo { hasNextPage endCursor }
      }
    }`,
    variables: { provider, first: 50 },
  };
}

export const CONTACT_IDS = `query Ids($provider: String!, $after: String) {
  contacts(provider: $provider, first: 100, after: $after) { nodes { id } pageInfo { endCursor } }
}`;

export const CONTACTS_BY_ID = `query ById($ids: [ID!]!) {
  nodes(ids: $ids) { ... on Contact { id fullName title } }
}`;

export const CONTACTS_WITH_EMAILS = `query ByIdWithEmails($ids: [ID!]!) {
  nodes(ids: $ids) { ... on Contact { id fullName emails { address } } }
}`;

/** A new contact, and what a form shows of it afterwards. */
export const CREATE_CONTACT = `mutation Create($input: ContactInput!) {
  createContact(provider: "hubspot", input: $input) {
    id nativeId firstName lastName fullName title emails { address isPrimary } createdAt
  }
}`;

export const UPSERT_END_USER = `mutation EndUser($id: ID!) { upsertEndUser(input: { endUserId: $id }) { id } }`;

export const CREATE_CONNECTION = `mutation Connect($endUserId: ID!, $provider: String!, $credentials: JSON!) {
  createConnection(input: { endUserId: $endUserId, provider: $provider, credentials: $credentials }) { id }
}`;
