import type { ProviderContext } from "../../contract/contract.js";
import type { CustomFieldDefinition, CustomFieldRule } from "../../contract/field-map.js";
import { customTypes } from "../../kit/custom-types.js";
import { customValueReader } from "../../mapping/custom-value.js";
import { decoding } from "../../../upstream/answer-body.js";
import { unexpectedAnswer } from "../../kit/answer.js";
import { isEmptyValue } from "../../kit/same-value.js";
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

const TEXTS = (...parts: readonly string[]) => Object.fromEntries(parts.map((part) => [part, ""]));

/** Fields with several parts: null leaves them as they are, and every part empty clears them. Recorded from Twenty 2.21. */
const CLEARED: Readonly<Record<string, unknown>> = {
  LINKS: { ...TEXTS("primaryLinkLabel", "primaryLinkUrl"), secondaryLinks: [] },
  EMAILS: { ...TEXTS("primaryEmail"), additionalEmails: [] },
  PHONES: {
    ...TEXTS("primaryPhoneNumber", "primaryPhoneCountryCode", "primaryPhoneCallingCode"),
    additionalPhones: [],
  },
  CURRENCY: { amountMicros: null, currencyCode: "" },
  FULL_NAME: TEXTS("firstName", "lastName"),
  ADDRESS: {
    ...TEXTS("addressStreet1", "addressStreet2", "addressCity", "addressPostcode", "addressState", "addressCountry"),
    addressLat: null,
    addressLng: null,
  },
  // Older versions refuse null.
  TEXT: "",
  MULTI_SELECT: [],
  ARRAY: [],
};

const readPlain = customValueReader(dialect);

export const customFieldRule: CustomFieldRule = {
  isCustom: (key) => /^[a-z][a-zA-Z0-9]*$/.test(key) && !STANDARD.has(key),
  // Values such as addresses and amounts are objects, which are read and written unchanged.
  read(value, type) {
    if (type !== "OTHER" || typeof value !== "object") return readPlain(value, type);
    return isEmptyValue(value) ? null : value;
  },
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
        .map(({ name, label, type }) => ({
          key: name,
          label,
          type: typeOf(type) ?? "OTHER",
          ...(typeof type === "string" && type in CLEARED && { cleared: CLEARED[type] }),
        }));
    });
}
