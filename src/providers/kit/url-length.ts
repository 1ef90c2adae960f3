import { invalidInput } from "../../errors/crm-error.js";
import type { AdapterRequest } from "../contract/contract.js";

/**
 * The most bytes of a request's path and query. CRMs and the proxies before them refuse longer URLs, the strictest of
 * them beyond 4 KB. What does not fit goes another way: by POST, in pieces, or without names of fields.
 */
export const URL_MAX = 4_000;

/** The bytes that the parameters take in a URL, with their names. */
export function queryBytes(query: NonNullable<AdapterRequest["query"]>): number {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const part of typeof value === "object" ? value : [value]) parameters.append(name, String(part));
  }
  return parameters.toString().length;
}

/** @throws CrmError INVALID_INPUT if the filter takes more bytes of a URL than there are */
export function assertFilterFits(providerName: string, bytes: number, max: number): void {
  if (bytes <= max) return;
  throw invalidInput({
    filter: `This filter is too long for one request to ${providerName}. Shorten its texts, or remove conditions.`,
  });
}

/** Splits names into as few lists as fit into these bounds. @param maxBytes of a list in a URL, separated by commas */
export function namePieces(names: readonly string[], maxNames: number, maxBytes: number): string[][] {
  const pieces: string[][] = [];
  let bytes = Infinity;
  for (const name of names) {
    const own = encodeURIComponent(name).length + "%2C".length;
    if (bytes + own > maxBytes || pieces.at(-1)!.length === maxNames) {
      pieces.push([]);
      bytes = 0;
    }
    pieces.at(-1)!.push(name);
    bytes += own;
  }
  return pieces;
}
