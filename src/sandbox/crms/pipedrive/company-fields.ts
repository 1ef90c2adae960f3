import { createHash } from "node:crypto";
import { asDouble, isNumber } from "../../kit/exact-number.js";
import type { Field, Row } from "./account.js";
import { badRequest } from "./errors.js";

/** The company's own fields. They are the same in every account. */
export const NOTE = custom("Note", "varchar");
export const SCORE = custom("Score", "double");
export const SEGMENT = custom("Segment", "enum", { 31: "Enterprise", 32: "Small business" });
export const TOPICS = custom("Topics", "set", { 41: "Pricing", 42: "Support", 43: "Roadmap" });
const CUSTOM = [NOTE, SCORE, SEGMENT, TOPICS];

export const PERSON_LABELS = optionsOf({ 5: "Customer", 6: "Hot lead", 7: "Déjà vu" });
export const LEAD_COLORS = { Hot: "red", Warm: "yellow", Cold: "blue" };

const VISIBILITY = optionsOf({ 1: "Item owner", 3: "All users", 5: "Item owner’s visibility group" });
const MARKETING = [
  { id: "no_consent", label: "No consent" },
  { id: "unsubscribed", label: "Unsubscribed" },
  { id: "subscribed", label: "Subscribed" },
  { id: "archived", label: "Archived" },
];

export const PERSON_FIELDS: readonly Field[] = [
  builtIn("name", "Name", "varchar"),
  builtIn("owner_id", "Owner", "user"),
  { ...builtIn("label_ids", "Labels", "set"), options: PERSON_LABELS },
  { ...builtIn("visible_to", "Visible to", "visible_to"), options: VISIBILITY },
  { ...builtIn("marketing_status", "Marketing status", "enum"), options: MARKETING },
  builtIn("birthday", "Birthday", "date"),
  builtIn("add_time", "Person created", "date"),
  builtIn("next_activity_date", "Next activity date", "date"),
  ...CUSTOM,
];

export const LEAD_FIELDS: readonly Field[] = [
  builtIn("title", "Title", "varchar"),
  builtIn("value", "Value", "monetary"),
  { ...builtIn("visible_to", "Visible to", "visible_to"), options: VISIBILITY },
  builtIn("expected_close_date", "Expected close date", "date"),
  builtIn("channel_id", "Source channel ID", "varchar"),
  builtIn("next_activity_id", "Next activity", "int"),
  ...CUSTOM,
];

function builtIn(code: string, name: string, type: string): Field {
  return { code, name, type, isCustom: false };
}

/** The code of a custom field is 40 hexadecimal digits. */
function custom(name: string, type: string, labels?: Readonly<Record<number, string>>): Field {
  const code = createHash("sha1").update(name.toLowerCase()).digest("hex");
  return { code, name, type, isCustom: true, ...(labels && { options: optionsOf(labels) }) };
}

function optionsOf(labels: Readonly<Record<number, string>>) {
  return Object.entries(labels).map(([id, label]) => ({ id: Number(id), label }));
}

/** The values of the company's own fields as they are stored. @throws Refusal 400 */
export function storedCustomFields(fields: readonly Field[], values: Row): Row {
  for (const [code, value] of Object.entries(values)) {
    const field = fields.find((one) => one.isCustom && one.code === code);
    if (!field) throw badRequest(`Parameter '${code}' is not allowed for this request`);
    if (value !== null && !isValue(field, value)) throw badRequest(`Validation failed: ${code}: Invalid value`);
  }
  // Numbers are of the type double.
  return Object.fromEntries(Object.entries(values).map(([code, value]) => [code, asDouble(value)]));
}

function isValue({ type, options = [] }: Field, value: unknown): boolean {
  const isOption = (id: unknown) => options.some((option) => option.id === Number(id));
  switch (type) {
    case "double":
      return isNumber(value);
    case "enum":
      return isOption(value);
    case "set":
      return Array.isArray(value) && value.length > 0 && value.every(isOption);
    default:
      return typeof value === "string";
  }
}
