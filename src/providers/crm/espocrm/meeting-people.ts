import type { EdgeEntry, NativeRecord } from "../../contract/field-map.js";
import { membersOf } from "../../kit/answer.js";
import { memberAt, objectAt } from "../../mapping/members.js";
import { linkedId, linkedIds } from "./answers.js";
import { responseOf } from "../../mapping/attendee.js";
import { readText } from "../../mapping/json-dialect.js";
import type { Attendee } from "../../contract/model.js";

const LINKS = ["contacts", "leads", "users"] as const;
const idsOf = (native: NativeRecord, name: string) => memberAt(native, name, linkedIds) ?? [];

/** Attendees. EspoCRM stores their ids, names and responses in separate attributes of the meeting. */
export const attendees = {
  reads: ["assignedUserId", ...LINKS.flatMap((link) => ["Ids", "Names", "Columns"].map((part) => link + part))],
  read: (native: NativeRecord): Attendee[] =>
    LINKS.flatMap((link) => {
      const names = objectAt(native, `${link}Names`);
      const columns = objectAt(native, `${link}Columns`);
      return idsOf(native, `${link}Ids`).map((id) => ({
        name: readText(names[id]),
        ...(link === "leads" && { email: null }),
        contactId: link === "contacts" ? id : null,
        ownerId: link === "users" ? id : null,
        isOrganizer: link === "users" && id === native["assignedUserId"],
        response: responseOf(membersOf(columns[id])["status"], { None: "NEEDS_ACTION" }),
      }));
    }),
};

/** Attendees of one entity, and the meeting's parent if it is a record of that entity. */
export const linked = (link: string, parentType: string): EdgeEntry => ({
  reads: [`${link}Ids`, "parentType", "parentId"],
  read(native) {
    const parent = native["parentType"] === parentType ? (memberAt(native, "parentId", linkedId) ?? null) : null;
    return [...new Set([...idsOf(native, `${link}Ids`), ...(parent === null ? [] : [parent])])];
  },
});
