import { decoding } from "../../../upstream/answer-body.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { edgesOfMany } from "../../kit/edges.js";
import { memberAt } from "../../mapping/members.js";
import { assertRead } from "../../mapping/unread.js";
import { linkedId, linkedIds } from "./answers.js";
import { listAll } from "./api.js";
import { isId } from "./dialect.js";
import { allOf, anyOf, by, type Where } from "./query.js";
import { whole } from "./records.js";

/**
 * Maximum number of ids in a condition that contains them twice. An id takes up to 85 bytes of the URL each time.
 */
const NAMED_MAX = 20;

/** Builds the edge to the records of an entity that have the contact's id in one of these attributes. */
function recordsNaming(entity: string, attributes: readonly string[], whereOf: (ids: readonly string[]) => Where) {
  return edgesOfMany({ batchSize: NAMED_MAX, isId }, async (context, ids) => {
    const listing = { where: [whereOf(ids)], select: ["id", ...attributes], links: attributes };
    const found = await whole(context, entity, await listAll(context, entity, listing), listing.select);
    assertRead(found);
    const named = (record: NativeRecord) =>
      attributes.flatMap((name) =>
        name.endsWith("Ids") ? (memberAt(record, name, linkedIds) ?? []) : (memberAt(record, name, linkedId) ?? []),
      );
    return decoding(() => found.flatMap((record) => named(record).map((id) => [id, String(record["id"])] as const)));
  });
}

/** Meetings that a contact attends, and meetings whose parent record is the contact. */
export const contactMeetings = recordsNaming("Meeting", ["contactsIds", "parentId"], (ids) =>
  anyOf(by("linkedWith", "contacts")(ids), allOf(by("equals", "parentType")("Contact"), by("in", "parentId")(ids))),
);

/** Leads that were converted into a contact. */
export const contactLeads = recordsNaming("Lead", ["createdContactId"], by("in", "createdContactId"));
