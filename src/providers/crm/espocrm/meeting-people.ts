import type { EdgeEntry, NativeRecord } from "../../contract/field-map.js";
import { responseOf } from "../../mapping/attendee.js";
import { readText } from "../../mapping/json-dialect.js";
import type { Attendee } from "../../contract/model.js";

const LINKS = ["contacts", "leads", "users"] as const;
const idsOf = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);

/** Attendees. EspoCRM stores their ids, names and responses in separate attributes of the meeting. */
export const attendees = {
  reads: ["assignedUserId", ...LINKS.flatMap((link) => ["Ids", "Names", "Columns"].map((part) => link + part))],
  read: (native: NativeRecord): Attendee[] =>
    LINKS.flatMap((link) => {
      const names = (native[`${link}Names`] ?? {}) as Record<string, unknown>;
      const columns = (native[`${link}Columns`] ?? {}) as Record<string, { status?: string } | undefined>;
      return idsOf(native[`${link}Ids`]).map((id) => ({
        name: readText(names[id]),
        ...(link === "leads" && { email: null }),
        contactId: link === "contacts" ? id : null,
        ownerId: link === "users" ? id : null,
        isOrganizer: link === "users" && id === native["assignedUserId"],
        response: responseOf(columns[id]?.status, { None: "NEEDS_ACTION" }),
      }));
    }),
};

/** Attendees of one entity, and the meeting's parent if it is a record of that entity. */
export const linked = (link: string, parentType: string): EdgeEntry => ({
  reads: [`${link}Ids`, "parentType", "parentId"],
  read({ [`${link}Ids`]: ids, parentType: type, parentId }) {
    const parent = type === parentType ? readText(parentId) : null;
    return [...new Set([...idsOf(ids), ...(parent === null ? [] : [parent])])];
  },
});
