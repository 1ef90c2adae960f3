import type { HubSpotAccount } from "./account.js";
import { LIFECYCLE_STAGES } from "./contact-properties.js";
import { invalidProperties, type PropertyFault } from "./errors.js";
import { LEAD_PIPELINE } from "./lead-properties.js";
import { propertiesOf, type ObjectType } from "./object-types.js";
import type { Property } from "./property.js";

export type WrittenValue = string | number | boolean | null;

const EMAIL = /^[^\s@;]+@[^\s@;]+\.[^\s@;]+$/;
const ISO_DATE_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** The result of reading a written value: the text to store, or the fault. */
type Reading = { value: string } | { message: string; error: string };

/**
 * Returns the record's values after the write. Checks the given values and converts them to the stored form. Removes
 * cleared values. Reports all faults together.
 */
export function applyWrite(
  account: HubSpotAccount,
  type: ObjectType,
  current: Readonly<Record<string, string>>,
  written: Readonly<Record<string, WrittenValue>>,
): Record<string, string> {
  const values = { ...current };
  const faults: PropertyFault[] = [];
  for (const [name, given] of Object.entries(written)) {
    const property = propertiesOf(type, account.name).get(name);
    const reading = property ? read(account, property, String(given ?? ""), current[name]) : doesNotExist(name);
    if ("error" in reading) faults.push({ name, ...reading });
    else if (reading.value === "") delete values[name];
    else if (!isBackwards(name, current[name], reading.value)) values[name] = reading.value;
  }
  if (faults.length > 0) throw invalidProperties(faults, account.portalId);
  return values;
}

/** Reads ISO 8601 or epoch milliseconds. Returns milliseconds since the epoch, or null for any other text. */
export function parseInstant(text: string): number | null {
  if (/^-?\d+$/.test(text)) return Number(text);
  if (!ISO_DATE_TIME.test(text)) return null;
  // JavaScript would read a time without a zone in the server's time zone. HubSpot's values are in UTC.
  const isZoned = !text.includes("T") || /(Z|[+-]\d{2}:?\d{2})$/.test(text);
  const instant = Date.parse(isZoned ? text : `${text}Z`);
  return Number.isNaN(instant) ? null : instant;
}

function read(account: HubSpotAccount, property: Property, text: string, current: string | undefined): Reading {
  if (property.readOnly) {
    return {
      message: `"${property.name}" is a read only property; its value cannot be set.`,
      error: "READ_ONLY_VALUE",
    };
  }
  if (text === "") return { value: "" };
  switch (property.type) {
    case "string":
      return readText(property, text);
    case "number":
      return text.trim() === "" || !Number.isFinite(Number(text))
        ? { message: `${text} was not a valid number.`, error: "INVALID_INTEGER" }
        : { value: text };
    case "datetime":
      return readInstant(text);
    case "enumeration":
      return readOptions(account, property, text, current);
  }
}

function readText(property: Property, text: string): Reading {
  if (property.format === null) return { value: text };
  const addresses = property.format === "EMAIL" ? [text] : text.split(";").filter((address) => address !== "");
  const wrong = addresses.find((address) => !EMAIL.test(address));
  if (wrong !== undefined) return { message: `Email address ${wrong} is invalid`, error: "INVALID_EMAIL" };
  return { value: addresses.join(";") };
}

function readInstant(text: string): Reading {
  const instant = parseInstant(text);
  const date = new Date(instant ?? NaN);
  return Number.isNaN(date.getTime())
    ? { message: `${text} was not a valid date.`, error: "INVALID_DATE" }
    : { value: date.toISOString() };
}

function readOptions(account: HubSpotAccount, property: Property, text: string, current: string | undefined): Reading {
  const allowed = allowedOptions(account, property);
  const chosen = property.multiple ? text.split(";").filter((option) => option !== "") : [text];
  const wrong = chosen.find((option) => !allowed.includes(option));
  if (wrong !== undefined) {
    return { message: `${wrong} was not one of the allowed options: [${allowed.join(", ")}]`, error: "INVALID_OPTION" };
  }
  // A leading semicolon adds the values to the stored values.
  const kept = property.multiple && text.startsWith(";") ? (current?.split(";") ?? []) : [];
  return { value: [...new Set([...kept, ...chosen])].join(";") };
}

function allowedOptions(account: HubSpotAccount, property: Property): string[] {
  switch (property.externalOptions) {
    case "OWNERS":
      return account.owners.filter(({ archived }) => !archived).map(({ id }) => id);
    case "LEAD_PIPELINES":
      return [LEAD_PIPELINE.id];
    case "LEAD_STAGES":
      return LEAD_PIPELINE.stages.map(({ id }) => id);
    case null:
      return property.options.map(({ value }) => value);
  }
}

/** Whether a value would move a contact back in the funnel. HubSpot silently ignores such a value. */
function isBackwards(name: string, current: string | undefined, next: string): boolean {
  if (name !== "lifecyclestage" || current === undefined) return false;
  const position = (stage: string) => LIFECYCLE_STAGES.findIndex(({ value }) => value === stage);
  return position(next) < position(current);
}

function doesNotExist(name: string): Reading {
  return { message: `Property "${name}" does not exist`, error: "PROPERTY_DOESNT_EXIST" };
}
