/** Checks, before anything is measured, that the contestants give the same data for the same operation. */
import { assertSame, describeCall, without, witness } from "../same-work.js";
import { OPERATIONS } from "./contestants.js";

/** Of a new contact each answer has its own. */
const OWN = { create: ["id", "nativeId", "address", "createdAt"] };

/** What GraphQL Mesh can give, too: HubSpot's own texts. `of` reads it from crmesh's answer, `ofMesh` from that of Mesh. */
const SHARED = {
  contacts: {
    of: ({ contacts }) =>
      contacts.nodes.map((one) => [
        one.nativeId,
        one.firstName,
        one.lastName,
        one.title,
        one.emails[0]?.address ?? null,
        one.createdAt,
        one.updatedAt,
      ]),
    ofMesh: ({ contacts }) =>
      contacts.results.map(({ id, createdAt, updatedAt, properties: own }) => [
        id,
        own.firstname,
        own.lastname,
        own.jobtitle,
        own.email,
        createdAt,
        updatedAt,
      ]),
  },
  meetings: {
    of: ({ meetings }) =>
      meetings.nodes.map(({ title, startAt, endAt, location, attendees }) => [
        title,
        startAt,
        endAt,
        location,
        attendees.flatMap(({ contact }) => (contact ? [[contact.title, contact.emails[0]?.address ?? null]] : [])),
      ]),
    ofMesh: ({ meetings }) =>
      meetings.results.map(({ properties: own, associations }) => [
        own.hs_meeting_title,
        own.hs_meeting_start_time,
        own.hs_meeting_end_time,
        own.hs_meeting_location,
        (associations?.contacts?.results ?? []).map(({ contact }) => [
          contact.properties.jobtitle,
          contact.properties.email,
        ]),
      ]),
  },
  byId: {
    of: ({ nodes }) => nodes.map(({ title }) => title).toSorted(),
    ofMesh: ({ contactsById }) => contactsById.results.map(({ properties: { jobtitle } }) => jobtitle).toSorted(),
  },
  create: {
    of: ({ createContact: { firstName, lastName, title } }) => [firstName, lastName, title],
    ofMesh: ({ createContact: { properties: own } }) => [own.firstname, own.lastname, own.jobtitle],
  },
};

/** @returns for each contestant how many calls each operation takes */
export async function assertSameData({ sandbox }, contestants, operations = Object.keys(OPERATIONS)) {
  const { crmesh, ...others } = contestants;
  const counts = Object.fromEntries(Object.keys(contestants).map((key) => [key, {}]));
  for (const operation of operations) {
    const ask = async (key) => {
      const { client, bodies } = contestants[key];
      // What is read once and then kept for minutes is not part of what a query costs.
      await client.ask(bodies[operation]());
      const { answer, calls } = await witness(sandbox, () => client.ask(bodies[operation]()));
      counts[key][operation] = calls.length;
      return { data: answer.data, calls: calls.map(describeCall) };
    };
    const ours = await ask("crmesh");
    for (const [key, other] of Object.entries(others)) {
      const theirs = await ask(key);
      const complaint = `${crmesh.name} and ${other.name} differ in ${OPERATIONS[operation]}`;
      const { of, ofMesh } = SHARED[operation];
      if (other.isNative) {
        assertSame(complaint, of(ours.data), ofMesh(theirs.data));
        continue;
      }
      assertSame(complaint, ...[ours, theirs].map(({ data }) => without(namesOfOwn(operation), data)));
      // How many calls a create takes is what is compared.
      if (operation !== "create") assertSame(`${complaint}: their calls`, ours.calls, theirs.calls);
    }
  }
  return counts;
}

/** Global ids and cursors are each server's own. */
const namesOfOwn = (operation) => new Set(["id", "endCursor", ...(OWN[operation] ?? [])]);
