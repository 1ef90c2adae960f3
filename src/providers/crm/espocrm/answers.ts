import {
  boolean,
  dictionary,
  exactly,
  lenient,
  list,
  member,
  nullable,
  number,
  object,
  optional,
  record,
  text,
  where,
} from "../../../upstream/decode.js";
import { isId, readDateTime } from "./dialect.js";

/** What crmesh relies on in EspoCRM's answers. Source: docs.espocrm.com, "API :: CRUD Operations". */

export const entityId = where(text, isId, "an id");
const time = where(text, (value) => readDateTime(value) !== null, "a date-time");
/** Ids of linked records, as a record has them. */
export const linkedIds = optional(nullable(list(entityId)));
export const linkedId = optional(nullable(entityId));

/** Administrators also see deleted records, which are marked. */
const shape = { id: entityId, deleted: optional(boolean) };

export const entityRecord = record(shape);

/**
 * A page of records.
 * @param order the field that they are ordered by; undefined if it is no time. A listing goes on from its last value
 * @param links fields of linked records that the caller relies on
 */
export const recordPage = (order: string | undefined, links: readonly string[]) =>
  object({
    list: list(
      record({
        ...shape,
        ...(order === undefined ? {} : { [order]: optional(nullable(time)) }),
        ...Object.fromEntries(links.map((name) => [name, name.endsWith("Ids") ? linkedIds : linkedId])),
      }),
    ),
    // -1 if the server does not count, and there are more records; -2 if there are none.
    total: number,
  });

export const written = record({ id: entityId });
export const deleted = exactly(true);

/** What a role allows with one field: `yes` or `no`. */
const access = object({ read: lenient(text), edit: lenient(text) });

/** The user of a key, and the fields that their roles do not allow. Without any, PHP writes a list in the place of an object. */
export const appUser = object({
  user: record({ id: entityId }),
  acl: lenient(object({ fieldTable: lenient(dictionary(lenient(dictionary(access)))) })),
});

/** The fields of an entity. Every entity has some. */
export const entityFields = where(
  dictionary(
    object({
      isCustom: optional(boolean),
      type: optional(text),
      readOnly: optional(boolean),
      notStorable: optional(boolean),
      disabled: optional(boolean),
      utility: optional(boolean),
      options: lenient(list(text)),
      // The field of another entity whose options these are, such as `Account.industry`.
      optionsReference: lenient(text),
    }),
  ),
  (fields) => Object.keys(fields).length > 0,
  "the fields of the entity",
);

const optionLabels = lenient(dictionary(lenient(dictionary(lenient(text)))));

/** The labels of an entity’s fields and options. */
export const labels = (entity: string) => member(entity, object({ fields: record({}), options: optionLabels }));

/** The labels of fields and options that several entities have in common. */
export const sharedLabels = lenient(member("Global", object({ fields: lenient(record({})), options: optionLabels })));

/** The labels of the options of an entity’s fields. */
export const labelsOfOptions = (entity: string) => lenient(member(entity, object({ options: optionLabels })));
