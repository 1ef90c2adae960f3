import http from "node:http";
import DataLoader from "dataloader";
import got from "got";
import { CONTACT_PROPERTIES, MEETING_PROPERTIES } from "./properties.js";

const CONTACTS = "crm/objects/2026-09/contacts";
const MEETINGS = "crm/objects/2026-09/meetings";
const MAX_BATCH = 100;

/** The calls that the operations take, as written by hand. */
export class HubSpot {
  #got;

  constructor({ origin, accessToken }) {
    this.#got = got.extend({
      prefixUrl: origin,
      agent: { http: new http.Agent({ keepAlive: true }) },
      headers: { authorization: `Bearer ${accessToken}` },
      responseType: "json",
      retry: { limit: 0 },
    });
  }

  contacts(limit) {
    return this.#get(CONTACTS, { limit, properties: CONTACT_PROPERTIES.join(",") });
  }

  meetings(limit) {
    return this.#get(MEETINGS, { limit, properties: MEETING_PROPERTIES.join(","), associations: "contacts" });
  }

  async createContact(properties) {
    const { body } = await this.#got.post(CONTACTS, { json: { properties, associations: [] } });
    return body;
  }

  /** One per request, so that what one caller reads is not another's. */
  contactLoader(properties) {
    return new DataLoader((ids) => this.#contactsById(ids, properties), { maxBatchSize: MAX_BATCH });
  }

  async #get(path, searchParams) {
    const { body } = await this.#got(path, { searchParams });
    return body;
  }

  async #contactsById(ids, properties) {
    const { body } = await this.#got.post(`${CONTACTS}/batch/read`, {
      json: { inputs: ids.map((id) => ({ id })), properties, propertiesWithHistory: [] },
    });
    const found = new Map(body.results.map((contact) => [contact.id, contact]));
    return ids.map((id) => found.get(id) ?? null);
  }
}
