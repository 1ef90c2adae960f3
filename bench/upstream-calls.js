import { countWrites, WRITE_CALLS } from "./write-calls.js";
import { CONTACT_IDS, CONTACTS_BY_ID, CONTACTS_WITH_EMAILS, meetingsWithContacts } from "./operations.js";
import { witness } from "./same-work.js";

const TRACE = { "x-crmesh-trace": "calls" };
const MEETINGS = 50;
/** Contacts that crmesh reads by id in one call: what the CRM allows, and what a URL below 4 KB has room for. */
const BATCHES = {
  hubspot: 100,
  salesforce: 2_000,
  odoo: 1_000,
  pipedrive: 100,
  zoho: 50,
  dynamics365: 50,
  close: 100,
  attio: 100,
  espocrm: 40,
  twenty: 60,
};

/** (b) How many upstream calls an operation causes: as its trace tells, and as the sandbox saw them arrive. */
export async function countUpstreamCalls(stage, report) {
  const cases = [
    await contactsById(stage, "hubspot", 100, 1),
    await meetings(stage, "hubspot", 2),
    await meetings(stage, "salesforce", 3),
    await meetings(stage, "odoo", 3),
  ];
  for (const [provider, batch] of Object.entries(BATCHES)) {
    cases.push(await contactsById(stage, provider, 250, Math.ceil(250 / batch)));
  }
  // Its lists show one address of a person: all of them are to be had one by one only.
  cases.push(await contactsById(stage, "espocrm", 250, 250, CONTACTS_WITH_EMAILS));
  report.heading("(b) Upstream calls of one operation");
  report.table(
    ["", "calls", "seen by the CRM", "one call per record", "bound", ""],
    cases.map(({ name, calls, seen, naive, bound }) => {
      return [name, calls, seen, naive, `≤ ${bound}`, report.verdict(`(b) ${name}`, Math.max(calls, seen), bound)];
    }),
  );
  await tableOfWrites(stage, report);
}

/** The calls of creates, updates and deletes of a contact at each CRM. */
async function tableOfWrites({ client }, report) {
  const trace = async (query) => {
    const { data, errors, extensions } = await client.ask({ query }, { ...TRACE, "x-crmesh-price": "show" });
    if (errors) throw new Error(`A write failed: ${JSON.stringify(errors[0])}`);
    return { data, calls: extensions.calls.length, price: extensions.price.calls };
  };
  const rows = [];
  for (const [provider, bounds] of Object.entries(WRITE_CALLS)) {
    const counted = await countWrites(trace, provider);
    const cells = Object.entries(bounds).map(([name, bound]) => {
      const { calls } = counted[name];
      return `${calls} ${report.verdict(`(b) ${name} at ${provider}`, calls, bound)}`;
    });
    rows.push([provider, ...cells]);
  }
  report.text("");
  report.table(["upstream calls", "create", "update", "delete", "create, selecting much"], rows);
}

async function contactsById(stage, provider, count, bound, query = CONTACTS_BY_ID) {
  const ids = await contactIds(stage.client, provider, count);
  const operation = { query, variables: { ids } };
  const { answer, ...counted } = await traced(stage, operation);
  const found = answer.data.nodes.filter((node) => node !== null).length;
  if (found !== count) throw new Error(`${provider} answered ${found} of ${count} contacts.`);
  const what = query === CONTACTS_BY_ID ? "contacts" : "contacts with all their addresses";
  return { name: `${count} ${what} by id, ${provider}`, ...counted, naive: count, bound };
}

async function meetings(stage, provider, bound) {
  const { answer, ...counted } = await traced(stage, meetingsWithContacts(provider));
  const { nodes } = answer.data.meetings;
  if (nodes.length !== MEETINGS) throw new Error(`${provider} answered ${nodes.length} of ${MEETINGS} meetings.`);
  const contacts = nodes.flatMap(({ attendees }) => attendees.flatMap(({ contact }) => contact ?? []));
  if (contacts.length === 0) throw new Error(`No meeting at ${provider} has a contact.`);
  // The listing, each meeting's links, and each linked contact.
  const naive = 1 + nodes.length + contacts.length;
  return { name: `50 meetings with their attendees’ contacts, ${provider}`, ...counted, naive, bound };
}

async function traced({ sandbox, client }, operation) {
  // What is read once and then kept for minutes, such as definitions of fields, is not part of what a query costs.
  await client.ask(operation);
  const { answer, calls } = await witness(sandbox, () => client.ask(operation, TRACE));
  return { answer, calls: answer.extensions.calls.length, seen: calls.length };
}

async function contactIds(client, provider, count) {
  const ids = [];
  for (let after = null; ids.length < count;) {
    const { data } = await client.ask({ query: CONTACT_IDS, variables: { provider, after } });
    ids.push(...data.contacts.nodes.map(({ id }) => id));
    after = data.contacts.pageInfo.endCursor;
  }
  return ids.slice(0, count);
}
