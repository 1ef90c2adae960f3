import { CrmError } from "../../../errors/crm-error.js";
import { decoding } from "../../../upstream/answer-body.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { edgesOfMany, type EdgePair } from "../../kit/edges.js";
import { memberAt } from "../../mapping/members.js";
import { assertRead } from "../../mapping/unread.js";
import { linkedId, linkedIds } from "./answers.js";
import { listAll } from "./api.js";
import { isId } from "./dialect.js";
import { LINKED_RECORD_MISSING } from "./errors.js";
import { allOf, anyOf, by, type Where } from "./query.js";
import { whole } from "./records.js";

/**
 * Maximum number of ids in a condition that contains them twice. An id takes up to 85 bytes of the URL each time.
 */
const NAMED_MAX = 20;
const RULES = { batchSize: NAMED_MAX, isId };

type ReadPairs = (context: ProviderContext, ids: readonly string[]) => Promise<readonly EdgePair[]>;

/** Reads the records of an entity that have the contact's id in one of these attributes. */
function recordsNaming(
  entity: string,
  attributes: readonly string[],
  whereOf: (ids: readonly string[]) => Where,
): ReadPairs {
  return async (context, ids) => {
    const listing = { where: [whereOf(ids)], select: ["id", ...attributes], links: attributes };
    const found = await whole(context, entity, await listAll(context, entity, listing), listing.select);
    assertRead(found);
    const named = (record: NativeRecord) =>
      attributes.flatMap((name) =>
        name.endsWith("Ids") ? (memberAt(record, name, linkedIds) ?? []) : (memberAt(record, name, linkedId) ?? []),
      );
    return decoding(() => found.flatMap((record) => named(record).map((id) => [id, String(record["id"])] as const)));
  };
}

/**
 * EspoCRM 9 refuses a condition with the ids of linked records if one of them was deleted since it was read. Then the other
 * records are looked up, and asked for again.
 */
function ofExisting(entity: string, read: ReadPairs): ReadPairs {
  return async (context, ids) => {
    try {
      return await read(context, ids);
    } catch (error) {
      if (!(error instanceof CrmError) || error.details.upstream?.code !== LINKED_RECORD_MISSING) throw error;
      // The only one is the one that is missing.
      if (ids.length === 1) return [];
      const found = await listAll(context, entity, { where: [by("in", "id")(ids)], select: ["id"] });
      return found.length === 0
        ? []
        : read(
            context,
            found.map(({ id }) => String(id)),
          );
    }
  };
}

const meetingsOfContacts = recordsNaming("Meeting", ["contactsIds", "parentId"], (ids) =>
  anyOf(by("linkedWith", "contacts")(ids), allOf(by("equals", "parentType")("Contact"), by("in", "parentId")(ids))),
);

/** Meetings that a contact attends, and meetings whose parent record is the contact. */
export const contactMeetings = edgesOfMany(RULES, ofExisting("Contact", meetingsOfContacts));

/** Leads that were converted into a contact. */
export const contactLeads = edgesOfMany(
  RULES,
  recordsNaming("Lead", ["createdContactId"], by("in", "createdContactId")),
);
