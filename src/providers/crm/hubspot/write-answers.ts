import type { ResourceName } from "../../contract/model.js";
import type { WriteAnswers } from "../../kit/resource-rules.js";
import type { HubSpotObject } from "./answers.js";
import { ID_PROPERTY } from "./api.js";
import { COMPANY_NAME } from "./company.js";
import { isAssociation } from "./edges.js";

/** Members of every answer. Source: developers.hubspot.com, "Using object APIs". */
const STAMPS: Readonly<Record<string, string>> = { $createdAt: "createdAt", $updatedAt: "updatedAt" };

const names = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/**
 * Properties that are empty if the answer to a create leaves them out: nobody but a caller gives them to a new record, or,
 * as the lifecycle stage of a contact, answers show the default of the account. Source for contacts: answers of HubSpot's
 * servers that others have published, 2020 to 2025.
 */
const EMPTY_IF_ABSENT: Readonly<Record<ResourceName, ReadonlySet<string>>> = {
  contact: names(
    "firstname lastname email hs_additional_emails phone mobilephone fax jobtitle company website address city state zip country lifecyclestage hubspot_owner_id",
  ),
  lead: names("hs_lead_name hs_lead_label"),
  meeting: names(
    "hs_meeting_title hs_meeting_body hs_internal_meeting_notes hs_meeting_start_time hs_meeting_end_time hs_meeting_location hs_meeting_external_url",
  ),
};

/**
 * HubSpot answers a create with the properties that have a value, and an update with those that were written. It takes no
 * parameter that names others, and documents no list of them, so each answer is looked at.
 */
export function answersOf(resource: ResourceName): WriteAnswers {
  return {
    holds(name, { mode, writes }) {
      // Associations of an existing record are changed after its properties, which may change its time once more.
      if (name === "$updatedAt" && mode === "update") return ![...writes].some(isAssociation);
      // The name of the company is read with the company itself.
      return (
        name === COMPANY_NAME ||
        name in STAMPS ||
        writes.has(name) ||
        (mode === "create" && EMPTY_IF_ABSENT[resource].has(name))
      );
    },
    hasAll(native, { id, native: written, answer }) {
      const object = native as HubSpotObject;
      // A create may leave out the empty ones.
      const isNeeded = (name: string) => name !== ID_PROPERTY && (id !== null || Boolean(written[name]));
      return (
        answer.fields.every((name) => name in object.properties || !isNeeded(name)) &&
        Object.entries(STAMPS).every(([name, member]) => member in object || !answer.needs(name))
      );
    },
  };
}
