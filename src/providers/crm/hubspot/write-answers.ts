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
 * Properties that nobody but a caller gives a new record: what a create leaves out is empty. HubSpot computes others, or
 * has defaults for them, such as the stage of a lead.
 */
const ONLY_WRITTEN: Readonly<Record<ResourceName, ReadonlySet<string>>> = {
  contact: names(
    "firstname lastname email hs_additional_emails phone mobilephone fax jobtitle company website address city state zip country",
  ),
  lead: names("hs_lead_name hs_lead_label"),
  meeting: names(
    "hs_meeting_title hs_meeting_body hs_internal_meeting_notes hs_meeting_start_time hs_meeting_end_time hs_meeting_location hs_meeting_external_url",
  ),
};

/**
 * HubSpot answers a write with the properties that were written, and takes no parameter that names others. Its documents
 * have no list of them, so each answer is looked at.
 */
export function answersOf(resource: ResourceName): WriteAnswers {
  return {
    holds(name, { mode, writes }) {
      // Associations of an existing record are changed after its properties, which may change its time once more.
      if (name === "$updatedAt" && mode === "update") return ![...writes].some(isAssociation);
      // The name of the company is read with the company itself.
      return name === COMPANY_NAME || name in STAMPS || writes.has(name) || (mode === "create" && ONLY_WRITTEN[resource].has(name));
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
