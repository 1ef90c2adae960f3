import {
  boolean,
  dictionary,
  id,
  list,
  nullable,
  object,
  optional,
  record,
  sentId,
  text,
  lenient,
} from "../../../upstream/decode.js";

/** What crmesh relies on in HubSpot's answers. Source: developers.hubspot.com, "Using object APIs" and "Associations". */

const next = object({ next: optional(object({ after: id })) });

/** Records that a listing names under `associations`. */
const inlineAssociations = object({ results: list(object({ id })), paging: optional(next) });

export const hubSpotObject = record({
  id: sentId,
  properties: record({}),
  associations: optional(dictionary(inlineAssociations)),
});
export type HubSpotObject = ReturnType<typeof hubSpotObject>;

export const objectPage = object({ results: list(hubSpotObject), paging: optional(next) });
export type ObjectPage = ReturnType<typeof objectPage>;

/** HubSpot names objects that do not exist among the errors, with the status 207. */
export const objectBatch = object({
  results: list(hubSpotObject),
  errors: optional(list(object({ category: optional(text) }))),
});

/** HubSpot names records without associations among the errors, with the status 207. */
export const associationBatch = object({
  results: list(
    object({
      from: object({ id }),
      to: list(object({ toObjectId: id, associationTypes: optional(list(object({ typeId: optional(id) }))) })),
      paging: optional(next),
    }),
  ),
});

/** HubSpot names records that it cannot associate among the errors, with the status 207. */
export const associated = object({ results: list(record({})), errors: optional(list(record({}))) });

const owner = object({
  id,
  email: optional(nullable(text)),
  firstName: optional(nullable(text)),
  lastName: optional(nullable(text)),
});
export const ownerAnswer = owner;
export type OwnerAnswer = ReturnType<typeof owner>;
export const ownerPage = object({ results: list(owner), paging: optional(next) });

export const propertyList = object({
  results: list(
    object({
      name: text,
      label: text,
      type: text,
      fieldType: optional(text),
      hubspotDefined: optional(boolean),
      archived: optional(boolean),
      calculated: optional(nullable(boolean)),
      modificationMetadata: optional(nullable(object({ readOnlyValue: optional(nullable(boolean)) }))),
      options: optional(nullable(list(object({ value: text, label: text })))),
    }),
  ),
});

const context = lenient(object({ propertyName: lenient(list(text)), properties: lenient(list(text)) }));
const maybeText = lenient(text);

/** The error envelope. Every member may be missing. Source: developers.hubspot.com, "Error handling". */
export const errorEnvelope = lenient(
  object({
    message: maybeText,
    category: maybeText,
    correlationId: maybeText,
    errorType: maybeText,
    policyName: maybeText,
    errors: lenient(list(object({ message: maybeText, code: maybeText, context }))),
  }),
);
export type ErrorEnvelope = Partial<NonNullable<ReturnType<typeof errorEnvelope>>>;

/** The list of faults of properties, which stands as JSON in a message. */
export const propertyFaults = lenient(
  list(object({ name: maybeText, error: maybeText, message: maybeText, localizedErrorMessage: maybeText })),
);
