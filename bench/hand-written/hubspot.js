import http from "node:http";
import DataLoader from "dataloader";
import got from "got";

const MEETING_PROPERTIES = [
  "hs_object_id",
  "hs_meeting_title",
  "hs_meeting_start_time",
  "hs_timestamp",
  "hs_meeting_end_time",
  "hs_meeting_location",
  "hs_meeting_outcome",
  "hs_attendee_owner_ids",
];
const CONTACT_PROPERTIES = ["hs_object_id", "firstname", "lastname", "email", "jobtitle", "hs_additional_emails"];
const MAX_BATCH = 100;

/** The two calls that the query takes, as written by hand. */
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

  async meetings(first) {
    const { body } = await this.#got("crm/objects/2026-09/meetings", {
      searchParams: { limit: first, properties: MEETING_PROPERTIES.join(","), associations: "contacts" },
    });
    return body;
  }

  /** One per request, so that what one caller reads is not another's. */
  contactLoader() {
    return new DataLoader((ids) => this.#contacts(ids), { maxBatchSize: MAX_BATCH });
  }

  async #contacts(ids) {
    const { body } = await this.#got.post("crm/objects/2026-09/contacts/batch/read", {
      json: { inputs: ids.map((id) => ({ id })), properties: CONTACT_PROPERTIES, propertiesWithHistory: [] },
    });
    const found = new Map(body.results.map((contact) => [contact.id, contact]));
    return ids.map((id) => found.get(id) ?? null);
  }
}
