/** HubSpot's records as the types of schema.js say them: one function a field. Dates are passed on as HubSpot writes them. */

const STATUSES = {
  SCHEDULED: "SCHEDULED",
  COMPLETED: "COMPLETED",
  CANCELED: "CANCELLED",
  NO_SHOW: "NO_SHOW",
  RESCHEDULED: "RESCHEDULED",
};
const LIFECYCLE_STAGES = {
  subscriber: "SUBSCRIBER",
  lead: "LEAD",
  marketingqualifiedlead: "MARKETING_QUALIFIED",
  salesqualifiedlead: "SALES_QUALIFIED",
  opportunity: "OPPORTUNITY",
  customer: "CUSTOMER",
  evangelist: "EVANGELIST",
};
const PHONES = { phone: "WORK", mobilephone: "MOBILE", fax: "FAX" };

export const contactFields = {
  id: ({ id }) => globalId("contact", id),
  nativeId: ({ id }) => id,
  firstName: ({ properties }) => properties.firstname || null,
  lastName: ({ properties }) => properties.lastname || null,
  fullName: ({ properties: { firstname, lastname, email } }) =>
    [firstname, lastname].filter(Boolean).join(" ") || email || "",
  title: ({ properties }) => properties.jobtitle || null,
  emails: ({ properties: { email, hs_additional_emails: others } }) =>
    [email, ...(others ?? "").split(";")]
      .filter(Boolean)
      .map((address, index) => ({ address: address.trim(), isPrimary: index === 0 })),
  phones: ({ properties }) =>
    Object.entries(PHONES).flatMap(([name, type]) => (properties[name] ? [{ number: properties[name], type }] : [])),
  lifecycleStage: ({ properties: { lifecyclestage: stage } }) => (stage ? (LIFECYCLE_STAGES[stage] ?? "OTHER") : null),
  createdAt: ({ createdAt }) => createdAt,
  updatedAt: ({ updatedAt }) => updatedAt,
};

export const meetingFields = {
  id: ({ id }) => globalId("meeting", id),
  title: ({ properties }) => properties.hs_meeting_title || null,
  startAt: ({ properties, createdAt }) => properties.hs_meeting_start_time || properties.hs_timestamp || createdAt,
  endAt: ({ properties }) => properties.hs_meeting_end_time || null,
  location: ({ properties }) => properties.hs_meeting_location || null,
  status: ({ properties: { hs_meeting_outcome: outcome } }) => (outcome ? (STATUSES[outcome] ?? "OTHER") : null),
};

/** The HubSpot users and the contacts that attend a meeting. Only contacts have a record to read. */
export function attendeesOf({ properties, associations }) {
  const users = (properties.hs_attendee_owner_ids ?? "").split(";").filter((id) => id !== "");
  const contacts = new Set(associations?.contacts?.results.map(({ id }) => id));
  return [...users.map(() => ({ contactId: null })), ...[...contacts].map((contactId) => ({ contactId }))];
}

export function pageOf({ results, paging }) {
  const after = paging?.next?.after;
  return {
    nodes: results,
    pageInfo: { hasNextPage: after !== undefined, endCursor: after ? globalId("after", after) : null },
  };
}

/** What HubSpot calls the fields of a new contact. JSON leaves out those that are not given. */
export function contactProperties({ firstName, lastName, title, emails = [] }) {
  const [email, ...others] = emails.map(({ address }) => address);
  return {
    firstname: firstName,
    lastname: lastName,
    jobtitle: title,
    email,
    hs_additional_emails: others.length > 0 ? others.join(";") : undefined,
  };
}

function globalId(kind, id) {
  return Buffer.from(`${kind}:${id}`).toString("base64url");
}

/** @returns the CRM's own id */
export function nativeIdOf(id) {
  return Buffer.from(id, "base64url").toString().split(":")[1];
}
