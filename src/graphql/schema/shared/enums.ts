import { registerEnumType } from "type-graphql";
import {
  ADDRESS_TYPES,
  ATTENDEE_RESPONSES,
  CUSTOM_FIELD_TYPES,
  EMAIL_TYPES,
  LEAD_RATINGS,
  LEAD_STATUSES,
  LIFECYCLE_STAGES,
  MEETING_STATUSES,
  PHONE_TYPES,
  RESOURCES,
} from "../../../providers/contract/model.js";
import { ERROR_CATALOGUE, ERROR_CODES } from "../../../errors/catalogue.js";
import { ORDER_FIELDS } from "../../../providers/contract/input.js";
import { MERGE_KEYS } from "../../operation/merged/rank.js";
import type { Actor, ConnectionEventType } from "../../../store/connection-events.js";
import type { CircuitStatus } from "../../../upstream/circuit.js";

/** Turns a list of names into a GraphQL enum whose values are the names themselves. */
function graphqlEnum<Name extends string>(
  name: string,
  values: readonly Name[],
  description: string,
  valueDescriptions: Partial<Record<Name, string>> = {},
): Record<Name, Name> {
  const object = Object.fromEntries(values.map((value) => [value, value])) as Record<Name, Name>;
  const valuesConfig = Object.fromEntries(
    Object.entries(valueDescriptions).map(([value, text]) => [value, { description: text as string }]),
  ) as Partial<Record<Name, { description: string }>>;
  registerEnumType(object, { name, description, valuesConfig });
  return object;
}

const OTHER = "A value that only this CRM has. Read the raw field for the CRM’s own name.";

export const EmailTypeEnum = graphqlEnum("EmailType", EMAIL_TYPES, "Type of an e-mail address.", { OTHER });
export const PhoneTypeEnum = graphqlEnum("PhoneType", PHONE_TYPES, "Type of a phone number.", { OTHER });
export const AddressTypeEnum = graphqlEnum("AddressType", ADDRESS_TYPES, "Type of a postal address.", { OTHER });
export const CustomFieldTypeEnum = graphqlEnum(
  "CustomFieldType",
  CUSTOM_FIELD_TYPES,
  "Type of a custom field’s value.",
  {
    TEXT: "A string.",
    NUMBER: "A number.",
    BOOLEAN: "True or false.",
    DATE: "A string in the form YYYY-MM-DD.",
    DATE_TIME: "A string in ISO 8601 form, in UTC.",
    SELECT: "A string, one of the CRM’s options.",
    MULTI_SELECT: "A list of strings.",
    OTHER: "The value as the CRM returns it.",
  },
);
export const LifecycleStageEnum = graphqlEnum(
  "LifecycleStage",
  LIFECYCLE_STAGES,
  "Stage of a contact on the way to becoming a customer.",
  { OTHER },
);
export const LeadStatusEnum = graphqlEnum("LeadStatus", LEAD_STATUSES, "Progress of the sales work on a lead.", {
  OTHER,
});
export const LeadRatingEnum = graphqlEnum("LeadRating", LEAD_RATINGS, "How promising a lead is.", { OTHER });
export const MeetingStatusEnum = graphqlEnum("MeetingStatus", MEETING_STATUSES, "Status of a meeting.", { OTHER });
export const AttendeeResponseEnum = graphqlEnum(
  "AttendeeResponse",
  ATTENDEE_RESPONSES,
  "An attendee’s reply to an invitation.",
);
export const ContactOrderFieldEnum = graphqlEnum(
  "ContactOrderField",
  ORDER_FIELDS.contact,
  "Fields that contacts can be ordered by.",
);
export const LeadOrderFieldEnum = graphqlEnum(
  "LeadOrderField",
  ORDER_FIELDS.lead,
  "Fields that leads can be ordered by.",
);
export const MeetingOrderFieldEnum = graphqlEnum(
  "MeetingOrderField",
  ORDER_FIELDS.meeting,
  "Fields that meetings can be ordered by.",
);
export const MergedOrderFieldEnum = graphqlEnum(
  "MergedOrderField",
  MERGE_KEYS.contact,
  "Times that contacts and leads of all CRMs can be ordered by.",
);
export const MergedMeetingOrderFieldEnum = graphqlEnum(
  "MergedMeetingOrderField",
  MERGE_KEYS.meeting,
  "Times that meetings of all CRMs can be ordered by.",
);
export const SortDirectionEnum = graphqlEnum("SortDirection", ["ASC", "DESC"] as const, "Sort direction.");
export const ResourceEnum = graphqlEnum(
  "Resource",
  RESOURCES.map((name) => name.toUpperCase() as Uppercase<typeof name>),
  "A kind of record.",
);
export const OperationEnum = graphqlEnum(
  "ResourceOperation",
  ["LIST", "GET", "CREATE", "UPDATE", "DELETE"] as const,
  "An operation on records.",
);
export const AuthTypeEnum = graphqlEnum(
  "AuthType",
  ["OAUTH2", "API_KEY"] as const,
  "How end users authorise crmesh at a provider.",
);
export const ConnectionStatusEnum = graphqlEnum(
  "ConnectionStatus",
  ["ACTIVE", "NEEDS_REAUTH", "DISCONNECTED"] as const,
  "State of a CRM connection.",
  {
    ACTIVE: "The connection can be used.",
    NEEDS_REAUTH:
      "The CRM refused to renew the credential. Until the end user reconnects, calls fail immediately and do not " +
      "reach the CRM.",
    DISCONNECTED: "The connection has ended and its credential is erased. Connecting again creates a new connection.",
  },
);
export const CircuitStateEnum = graphqlEnum(
  "CircuitState",
  ["CLOSED", "OPEN", "HALF_OPEN"] as const satisfies readonly CircuitStatus[],
  "State of a circuit breaker.",
  {
    CLOSED: "Calls go through. The CRM is healthy.",
    OPEN: "Calls are blocked because too many failed. They fail with CIRCUIT_OPEN.",
    HALF_OPEN: "The waiting time is over. The next call is a probe: its result closes or reopens the circuit.",
  },
);
export const ConnectionEventTypeEnum = graphqlEnum(
  "ConnectionEventType",
  [
    "CREATED",
    "RECONNECTED",
    "REFRESHED",
    "REFRESH_FAILED",
    "NEEDS_REAUTH",
    "DISCONNECTED",
    "REVOKED",
    "REVOKE_FAILED",
  ] as const satisfies readonly ConnectionEventType[],
  "Type of a connection event.",
  {
    CREATED: "The connection was created.",
    RECONNECTED: "The end user authorised the connection again, or your backend gave it a new credential.",
    REFRESHED: "crmesh renewed the access token.",
    REFRESH_FAILED: "Renewing the access token failed for a temporary reason. Recorded at most once a minute.",
    NEEDS_REAUTH: "The CRM refused to renew the access token. The end user must reconnect.",
    DISCONNECTED: "The connection was ended and its credential erased.",
    REVOKED: "The CRM revoked the authorisation at crmesh’s request.",
    REVOKE_FAILED:
      "crmesh could not get the CRM to revoke the authorisation. It may remain valid at the CRM until it expires.",
  },
);
export const ConnectionActorKindEnum = graphqlEnum(
  "ConnectionActorKind",
  ["API_KEY", "END_USER", "CRMESH"] as const satisfies readonly Actor["kind"][],
  "Kinds of actors that can cause a connection event.",
  {
    API_KEY: "Your backend, with an API key.",
    END_USER: "The end user, on the Connect pages.",
    CRMESH: "crmesh itself, while it handled a request.",
  },
);
export const ErrorCodeEnum = graphqlEnum(
  "ErrorCode",
  ERROR_CODES,
  "Codes of errors, as in `extensions.code`. New versions may add codes.",
  Object.fromEntries(
    ERROR_CODES.map((code) => [code, `${ERROR_CATALOGUE[code].message}. HTTP status ${ERROR_CATALOGUE[code].status}.`]),
  ),
);
export const ErrorOriginEnum = graphqlEnum(
  "ErrorOrigin",
  ["CALLER", "GATEWAY", "PROVIDER"] as const,
  "The side that caused an error.",
  {
    CALLER: "The caller’s request.",
    GATEWAY: "crmesh itself.",
    PROVIDER: "The CRM.",
  },
);
export const ErrorActorEnum = graphqlEnum(
  "ErrorActor",
  ["DEVELOPER", "END_USER", "OPERATOR", "NOBODY"] as const,
  "Who can fix an error.",
  {
    NOBODY: "The error is temporary: wait and try again.",
  },
);
