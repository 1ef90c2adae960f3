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
import { ORDER_FIELDS } from "../../../providers/contract/input.js";
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

const OTHER = "A kind of the CRM’s own; the raw value says which.";

export const EmailTypeEnum = graphqlEnum("EmailType", EMAIL_TYPES, "What an e-mail address is for.", { OTHER });
export const PhoneTypeEnum = graphqlEnum("PhoneType", PHONE_TYPES, "What a phone number is for.", { OTHER });
export const AddressTypeEnum = graphqlEnum("AddressType", ADDRESS_TYPES, "What a postal address is for.", { OTHER });
export const CustomFieldTypeEnum = graphqlEnum(
  "CustomFieldType",
  CUSTOM_FIELD_TYPES,
  "The kind of a custom field’s value.",
  {
    TEXT: "A string.",
    NUMBER: "A number.",
    BOOLEAN: "true or false.",
    DATE: "A string, YYYY-MM-DD.",
    DATE_TIME: "A string, ISO 8601 in UTC.",
    SELECT: "A string, one of the CRM’s options.",
    MULTI_SELECT: "A list of strings.",
    OTHER: "As the CRM gives it.",
  },
);
export const LifecycleStageEnum = graphqlEnum(
  "LifecycleStage",
  LIFECYCLE_STAGES,
  "How far a contact is on the way to being a customer.",
  { OTHER },
);
export const LeadStatusEnum = graphqlEnum("LeadStatus", LEAD_STATUSES, "How far a lead has been worked.", { OTHER });
export const LeadRatingEnum = graphqlEnum("LeadRating", LEAD_RATINGS, "How promising a lead is.", { OTHER });
export const MeetingStatusEnum = graphqlEnum("MeetingStatus", MEETING_STATUSES, "What became of a meeting.", { OTHER });
export const AttendeeResponseEnum = graphqlEnum(
  "AttendeeResponse",
  ATTENDEE_RESPONSES,
  "What an attendee answered to the invitation.",
);
export const ContactOrderFieldEnum = graphqlEnum(
  "ContactOrderField",
  ORDER_FIELDS.contact,
  "What contacts can be ordered by.",
);
export const LeadOrderFieldEnum = graphqlEnum("LeadOrderField", ORDER_FIELDS.lead, "What leads can be ordered by.");
export const MeetingOrderFieldEnum = graphqlEnum(
  "MeetingOrderField",
  ORDER_FIELDS.meeting,
  "What meetings can be ordered by.",
);
export const SortDirectionEnum = graphqlEnum("SortDirection", ["ASC", "DESC"] as const, "The direction of an order.");
export const ResourceEnum = graphqlEnum(
  "Resource",
  RESOURCES.map((name) => name.toUpperCase() as Uppercase<typeof name>),
  "A kind of record.",
);
export const OperationEnum = graphqlEnum(
  "ResourceOperation",
  ["LIST", "GET", "CREATE", "UPDATE", "DELETE"] as const,
  "What can be done with records.",
);
export const AuthTypeEnum = graphqlEnum(
  "AuthType",
  ["OAUTH2", "API_KEY"] as const,
  "How end users authorise crmesh at a provider.",
);
export const ConnectionStatusEnum = graphqlEnum(
  "ConnectionStatus",
  ["ACTIVE", "NEEDS_REAUTH", "DISCONNECTED"] as const,
  "The state of a connection.",
  {
    ACTIVE: "It can be used.",
    NEEDS_REAUTH:
      "The CRM refused to renew the credential: calls fail at once, without reaching the CRM, until the end user reconnects.",
    DISCONNECTED: "It has ended and its credential is erased. Connecting again makes a new connection.",
  },
);
export const CircuitStateEnum = graphqlEnum(
  "CircuitState",
  ["CLOSED", "OPEN", "HALF_OPEN"] as const satisfies readonly CircuitStatus[],
  "Whether calls are let through to a CRM.",
  {
    CLOSED: "They are: it is well.",
    OPEN: "They are not, because too many in a row have failed. They fail with CIRCUIT_OPEN.",
    HALF_OPEN: "The wait is over: the next call is a probe, and decides.",
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
  "What happened to a connection.",
  {
    CREATED: "It was made.",
    RECONNECTED: "The end user authorised it anew, or it was given another credential.",
    REFRESHED: "crmesh renewed its access token.",
    REFRESH_FAILED: "Renewing its access token failed for a reason that passes; noted once a minute at most.",
    NEEDS_REAUTH: "The CRM refused to renew its access token; the end user must reconnect.",
    DISCONNECTED: "It was ended and its credential erased.",
    REVOKED: "The CRM was told to revoke its authorisation, and did.",
    REVOKE_FAILED: "The CRM could not be told to revoke its authorisation; it may stand there until it ends by itself.",
  },
);
export const ConnectionActorKindEnum = graphqlEnum(
  "ConnectionActorKind",
  ["API_KEY", "END_USER", "CRMESH"] as const satisfies readonly Actor["kind"][],
  "Who did something to a connection.",
  {
    API_KEY: "Your backend, by an API key.",
    END_USER: "The end user, on the Connect pages.",
    CRMESH: "crmesh by itself, on the occasion of a request.",
  },
);
export const ErrorOriginEnum = graphqlEnum("ErrorOrigin", ["CALLER", "GATEWAY", "PROVIDER"] as const, "Who failed.", {
  CALLER: "The request.",
  GATEWAY: "crmesh itself.",
  PROVIDER: "The CRM.",
});
export const ErrorActorEnum = graphqlEnum(
  "ErrorActor",
  ["DEVELOPER", "END_USER", "OPERATOR", "NOBODY"] as const,
  "Who can mend an error.",
  {
    NOBODY: "Waiting mends it.",
  },
);
