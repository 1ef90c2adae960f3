import { createHash } from "node:crypto";
import type { Field } from "./account.js";

/** The company's own fields, the same for every account; their codes are 40 hexadecimal digits. */
export const NOTE: Field = { code: hash("note"), name: "Note", type: "varchar", isCustom: true };
export const SCORE: Field = { code: hash("score"), name: "Score", type: "double", isCustom: true };
export const SEGMENT: Field = {
  code: hash("segment"),
  name: "Segment",
  type: "enum",
  isCustom: true,
  options: [
    { id: 31, label: "Enterprise" },
    { id: 32, label: "Small business" },
  ],
};
export const TOPICS: Field = {
  code: hash("topics"),
  name: "Topics",
  type: "set",
  isCustom: true,
  options: [
    { id: 41, label: "Pricing" },
    { id: 42, label: "Support" },
    { id: 43, label: "Roadmap" },
  ],
};
const CUSTOM = [NOTE, SCORE, SEGMENT, TOPICS];

export const PERSON_LABELS = [
  { id: 5, label: "Customer" },
  { id: 6, label: "Hot lead" },
  { id: 7, label: "Déjà vu" },
];
export const LEAD_COLORS = { Hot: "red", Warm: "yellow", Cold: "blue" };

export const PERSON_FIELDS: readonly Field[] = [
  builtIn("name", "Name", "varchar"),
  builtIn("owner_id", "Owner", "user"),
  { ...builtIn("label_ids", "Labels", "set"), options: PERSON_LABELS },
  ...CUSTOM,
];

export const LEAD_FIELDS: readonly Field[] = [
  builtIn("title", "Title", "varchar"),
  builtIn("value", "Value", "monetary"),
  ...CUSTOM,
];

function builtIn(code: string, name: string, type: string): Field {
  return { code, name, type, isCustom: false };
}

/** Forty hexadecimal digits. */
function hash(name: string): string {
  return createHash("sha1").update(name).digest("hex");
}
