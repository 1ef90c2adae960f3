import type { NativeRecord } from "../../contract/field-map.js";
import { kit } from "./dialect.js";
import { containsWords, equals, type SearchCheck, type SearchFilter } from "./query.js";

/** The first address is the record's identity at HubSpot; the others are one `;`-joined text. */
export const ADDRESS_PROPERTIES = ["email", "hs_additional_emails"] as const;

/** The contacts that may have an e-mail address; `hasAddress` tells which do. */
export function withAddress(address: string): SearchFilter[][] {
  const value = address.trim().toLowerCase();
  return [[equals("email", value)], ...containsWords("hs_additional_emails", value)];
}

/** HubSpot finds further addresses by their words alone, which others may share. */
export function hasAddress(address: string): SearchCheck {
  const wanted = address.trim().toLowerCase();
  return {
    reads: ADDRESS_PROPERTIES,
    holds: (native) => addressesOf(native).some((own) => own.toLowerCase() === wanted),
  };
}

export function addressesOf(native: NativeRecord): string[] {
  const [first, others] = ADDRESS_PROPERTIES.map((property) => kit.readText(native[property]) ?? "");
  return [first!, ...others!.split(";")].map((address) => address.trim()).filter((address) => address !== "");
}
