import type { ProviderContext } from "../../contract/contract.js";
import type { CustomFieldDefinition, CustomFieldRule } from "../../contract/field-map.js";
import { customTypes } from "../../kit/custom-types.js";
import { customValueReader } from "../../mapping/custom-value.js";
import { decoding } from "../../../upstream/answer-body.js";
import { unexpectedAnswer } from "../../kit/answer.js";
import { fieldList } from "./answers.js";
import { allObjects } from "./api.js";
import { dialect, items } from "./dialect.js";

const typeOf = customTypes({
  TEXT: "TEXT UUID",
  NUMBER: "NUMBER NUMERIC",
  BOOLEAN: "BOOLEAN",
  DATE: "DATE",
  DATE_TIME: "DATE_TIME",
  SELECT: "SELECT RATING",
  MULTI_SELECT: "MULTI_SELECT ARRAY",
});
/** Fields that are Twenty's own. */
const STANDARD = new Set(
  (
    "id name emails phones jobTitle city company companyId linkedinLink xLink avatarUrl intro position searchVector " +
    "createdAt updatedAt deletedAt createdBy updatedBy title description location startsAt endsAt isFullDay isCanceled " +
    "iCalUID iCalUid conferenceSolution conferenceLink externalCreatedAt externalUpdatedAt calendarEventParticipants"
  ).split(" "),
);
/** Types of fields without a value of the record itself. */
const NOT_READ = new Set<unknown>(["RELATION", "MORPH_RELATION", "TS_VECTOR", "POSITION"]);

const readPlain = customValueReader(dialect);

export const customFieldRule: CustomFieldRule = {
  isCustom: (key) => /^[a-z][a-zA-Z0-9]*$/.test(key) && !STANDARD.has(key),
  // Values such as addresses and amounts are objects, which are read and written unchanged.
  read: (value, type) => (type === "OTHER" && typeof value === "object" ? value : readPlain(value, type)),
  write: (value) => value,
};

/** Source: twentyhq/twenty, docs, "Metadata API". */
export function customFieldsOf(object: string) {
  return (caller: ProviderContext): Promise<readonly CustomFieldDefinition[]> =>
    caller.memo(`twenty fields ${object}`, async (context) => {
      const own = (await allObjects(context)).find(({ nameSingular }) => nameSingular === object);
      if (!own) throw unexpectedAnswer(`Twenty’s response does not define the object ${object}.`);
      return decoding(() => fieldList(items(own, "fields")))
        .filter(({ isCustom, isActive, type }) => isCustom === true && isActive !== false && !NOT_READ.has(type))
        .map(({ name, label, type }) => ({ key: name, label, type: typeOf(type) ?? "OTHER" }));
    });
}
