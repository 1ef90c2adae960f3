/**
 * Upstream calls of writes of contacts, once the definitions of the account are known. `whole` creates a contact and selects
 * more than most CRMs answer to a create.
 */
export const WRITE_CALLS = {
  // A delete looks for the record first: HubSpot does not document what it answers for one that it never had.
  hubspot: { create: 1, update: 1, delete: 2, whole: 2 },
  // Salesforce answers a create with the id, and an update with nothing; so does Odoo.
  salesforce: { create: 2, update: 2, delete: 1, whole: 2 },
  odoo: { create: 2, update: 2, delete: 1, whole: 2 },
  // Pipedrive accepts changes of deleted records, so a record is looked for before each.
  pipedrive: { create: 1, update: 2, delete: 2, whole: 1 },
  // Zoho answers writes with the id and the times of the record.
  zoho: { create: 2, update: 2, delete: 1, whole: 2 },
  dynamics365: { create: 1, update: 1, delete: 1, whole: 1 },
  close: { create: 1, update: 1, delete: 1, whole: 1 },
  attio: { create: 1, update: 1, delete: 1, whole: 1 },
  espocrm: { create: 1, update: 1, delete: 1, whole: 2 },
  twenty: { create: 1, update: 1, delete: 2, whole: 1 },
};

const NAMES = "firstName lastName";
const WHOLE = `${NAMES} fullName title emails { address } phones { number } websites createdAt updatedAt url customFields { key value }`;
const names = (last) => `input: { firstName: "Ann", lastName: ${JSON.stringify(last)} }`;

const createContact = (provider, last, selection) =>
  `mutation { createContact(provider: "${provider}", ${names(last)}) { id ${selection} } }`;
const updateContact = (id, last, selection) =>
  `mutation { updateContact(id: "${id}", ${names(last)}) { id ${selection} } }`;
const deleteContact = (id) => `mutation { deleteContact(id: "${id}") { id } }`;

/**
 * @typedef {object} Traced
 * @property {Record<string, { id: string }>} data
 * @property {number} calls without retries
 * @property {number} price
 */
/** @typedef {Traced & { bare: Traced }} CountedWrite */

/**
 * Writes a contact in each way of the table.
 * @param {(document: string) => Promise<Traced>} trace sends a document
 * @param {string} provider
 * @returns {Promise<Record<"create" | "update" | "delete" | "whole", CountedWrite>>} with `bare`, the same write that
 *   selects the id alone
 */
export async function countWrites(trace, provider) {
  let number = 0;
  // Some CRMs refuse a second person of the same name.
  const create = (selection) => trace(createContact(provider, `Written ${(number += 1)}`, selection));
  // Loads what is read once and then kept for minutes.
  const { data } = await create(WHOLE);
  const { id } = data.createContact;
  await trace(updateContact(id, "Second", NAMES));
  const second = (await create("")).data.createContact.id;
  return {
    create: { ...(await create(NAMES)), bare: await create("") },
    update: { ...(await trace(updateContact(id, "Third", NAMES))), bare: await trace(updateContact(id, "Fourth", "")) },
    delete: { ...(await trace(deleteContact(id))), bare: await trace(deleteContact(second)) },
    whole: { ...(await create(WHOLE)), bare: await create("") },
  };
}
