import { LongNumber } from "../../upstream/long-number.js";
import type { AddressInput } from "../contract/input.js";
import type { CustomField, Money } from "../contract/model.js";
import { canonicalId } from "./adapter-kit.js";

/**
 * Whether the CRM has the value that was written. CRMs trim texts, format numbers and spell countries in their own way,
 * which is no difference.
 */

/** Null, an empty text, an empty list, and a flag that is not set. */
export function isEmptyValue(value: unknown): boolean {
  if (value === null || value === undefined || value === false) return true;
  if (typeof value === "string") return value.trim() === "";
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value !== "object" || value instanceof Date || value instanceof LongNumber) return false;
  return Object.values(value).every(isEmptyValue);
}

const plain = (text: string) => text.normalize("NFC").replace(/\s+/g, " ").trim();

/** Spaces and line breaks count as one, because CRMs that store HTML fold them. Case does not count. */
export function isSameText(given: unknown, value: unknown): boolean {
  if (typeof value !== "string" && typeof value !== "number") return false;
  return plain(String(given)).toLowerCase() === plain(String(value)).toLowerCase();
}

/** Salesforce's ids have a long form of 18 characters, which ends with three for the case of the others. */
const LONG_FORM = /^([A-Za-z0-9]{15})[A-Z0-5]{3}$/;

export function isSameId(one: string, other: string): boolean {
  const bare = (id: string) => LONG_FORM.exec(id)?.[1] ?? canonicalId(id);
  return bare(one) === bare(other);
}

/** Digits that differ only by a calling code or a leading zero are the same number. */
export function isSamePhone(given: string, value: string): boolean {
  const [one, other] = [given, value].map((text) => text.replace(/\D/g, "").replace(/^0+/, ""));
  if (!one || !other) return isSameText(given, value);
  return one.endsWith(other) || other.endsWith(one);
}

export function isSameUrl(given: string, value: string): boolean {
  const bare = (url: string) =>
    plain(url)
      .toLowerCase()
      .replace(/^https?:\/\/(www\.)?/, "")
      .replace(/\/$/, "");
  return bare(given) === bare(value);
}

/** States and countries have names and codes, so it is enough that the CRM has one. */
const NAMED_IN_TWO_WAYS: ReadonlySet<string> = new Set(["state", "country"]);

export function isSameAddress(given: AddressInput, value: AddressInput): boolean {
  const lines = ({ street1, street2 }: AddressInput) => plain([street1, street2].filter(Boolean).join(" "));
  const others = Object.entries(given).filter(([name]) => !["type", "street1", "street2"].includes(name));
  return (
    isSameText(lines(given), lines(value)) &&
    others.every(([name, part]) => {
      const stored = value[name as keyof AddressInput];
      if (isEmptyValue(part)) return true;
      return NAMED_IN_TWO_WAYS.has(name) ? !isEmptyValue(stored) : isSameText(part, stored);
    })
  );
}

export function isSameMoney(given: Money, value: Money): boolean {
  return given.currency.toUpperCase() === value.currency.toUpperCase() && isSameNumber(given.amount, value.amount);
}

/** Doubles hold about 15 digits. CRMs also round amounts to cents. */
function isSameNumber(given: unknown, value: unknown): boolean {
  const [one, other] = [Number(given), Number(value)];
  return one === other || Math.abs(one - other) <= Math.max(0.005, Math.abs(one) * 1e-12);
}

const MINUTE_MS = 60_000;

/** Some CRMs store whole minutes, and whole days of an all-day meeting. */
export function isSameTime(given: Date, value: string, isAllDay: boolean): boolean {
  const stored = new Date(value);
  if (isAllDay) return Math.abs(given.getTime() - stored.getTime()) < 24 * 60 * MINUTE_MS;
  return Math.abs(given.getTime() - stored.getTime()) < MINUTE_MS;
}

export function isSameCustomValue(given: unknown, { type, value }: CustomField): boolean {
  switch (type) {
    case "NUMBER":
      return isSameNumber(given, value);
    case "BOOLEAN":
      return String(given) === String(value);
    case "DATE":
    case "DATE_TIME":
      return isSameMoment(given, value, type === "DATE");
    case "MULTI_SELECT": {
      const [one, other] = [given, value].map((all) => [all].flat().map(String));
      return one!.every((word) => other!.some((stored) => isSameText(word, stored)));
    }
    case "TEXT":
    case "SELECT":
      return isSameText(asText(given), value);
    case "OTHER":
      // Values of types that crmesh does not know have forms of their own.
      return !isEmptyValue(value);
  }
}

const asText = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));

function isSameMoment(given: unknown, value: unknown, isDay: boolean): boolean {
  if (isDay) return String(given).slice(0, 10) === String(value).slice(0, 10);
  const [one, other] = [new Date(String(given)).getTime(), new Date(String(value)).getTime()];
  return Math.abs(one - other) < MINUTE_MS;
}
