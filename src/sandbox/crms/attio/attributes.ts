import { fixedUuid } from "../../kit/uuid.js";

export type AttributeType =
  | "text"
  | "number"
  | "checkbox"
  | "currency"
  | "date"
  | "timestamp"
  | "rating"
  | "status"
  | "select"
  | "record-reference"
  | "actor-reference"
  | "location"
  | "domain"
  | "email-address"
  | "phone-number"
  | "interaction"
  | "personal-name";

export interface Attribute {
  id: string;
  slug: string;
  title: string;
  type: AttributeType;
  isSystem: boolean;
  isWritable: boolean;
  isUnique: boolean;
  isMultiselect: boolean;
  isArchived: boolean;
  /** Titles of the attribute's options or statuses. */
  choices: readonly string[];
}

export interface ObjectType {
  id: string;
  slug: "people" | "companies";
  singular: string;
  plural: string;
  attributes: readonly Attribute[];
}

type Flag = "multi" | "unique" | "readonly" | "custom" | "archived";
type Definition = readonly [slug: string, type: AttributeType, flags?: readonly Flag[], choices?: readonly string[]];

const COMMON: readonly Definition[] = [
  ["record_id", "text", ["readonly"]],
  ["created_at", "timestamp", ["readonly"]],
  ["created_by", "actor-reference", ["readonly"]],
];

const PEOPLE: readonly Definition[] = [
  ...COMMON,
  ["name", "personal-name"],
  ["email_addresses", "email-address", ["multi", "unique"]],
  ["phone_numbers", "phone-number", ["multi"]],
  ["description", "text"],
  ["job_title", "text"],
  ["company", "record-reference"],
  ["primary_location", "location"],
  ["avatar_url", "text"],
  ["linkedin", "text"],
  ["twitter", "text"],
  ["facebook", "text"],
  ["last_email_interaction", "interaction", ["readonly"]],
  ["last_calendar_interaction", "interaction", ["readonly"]],
  ["department", "text", ["custom"]],
  ["website", "text", ["custom"]],
  ["lead_source", "select", ["custom"], ["Web", "Referral", "Trade Show", "Partner"]],
  [
    "lifecycle",
    "status",
    ["custom"],
    ["Subscriber", "Lead", "Marketing qualified", "Sales qualified", "Opportunity", "Customer"],
  ],
  ["do_not_contact", "checkbox", ["custom"]],
  ["interests", "select", ["custom", "multi"], ["Golf", "Opera; classical", "Chess"]],
  ["score", "number", ["custom"]],
  ["satisfaction", "rating", ["custom"]],
  ["budget", "currency", ["custom"]],
  ["birthday", "date", ["custom"]],
  ["next_call", "timestamp", ["custom"]],
  ["mentor", "record-reference", ["custom"]],
  ["account_manager", "actor-reference", ["custom"]],
  ["fax_number", "text", ["custom", "archived"]],
];

const COMPANIES: readonly Definition[] = [
  ...COMMON,
  ["name", "text"],
  ["domains", "domain", ["multi", "unique"]],
  ["description", "text"],
];

/** The objects of a workspace. Their ids differ between workspaces. */
export function objectTypes(workspaceId: string): readonly ObjectType[] {
  return [
    objectType(workspaceId, "people", ["Person", "People"], PEOPLE),
    objectType(workspaceId, "companies", ["Company", "Companies"], COMPANIES),
  ];
}

function objectType(
  workspaceId: string,
  slug: ObjectType["slug"],
  [singular, plural]: readonly [string, string],
  definitions: readonly Definition[],
): ObjectType {
  const attributes = definitions.map(([name, type, flags = [], choices = []]): Attribute => {
    const has = (flag: Flag) => flags.includes(flag);
    return {
      id: fixedUuid(workspaceId, slug, name),
      slug: name,
      title: titleOf(name),
      type,
      isSystem: !has("custom"),
      isWritable: !has("readonly"),
      isUnique: has("unique"),
      isMultiselect: has("multi"),
      isArchived: has("archived"),
      choices,
    };
  });
  return { id: fixedUuid(workspaceId, slug), slug, singular, plural, attributes };
}

function titleOf(slug: string): string {
  const words = slug.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
