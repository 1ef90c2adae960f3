import dns from "node:dns";
import type { LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";

/** Raised where a host that an end user typed in leads to a private, loopback, link-local or reserved address. */
export class PrivateHostError extends Error {
  override readonly name = "PrivateHostError";
}

/** Whether an IP address is one of the public internet; IPv4 inside IPv6 is judged by the IPv4 address. */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "unicast";
}

/**
 * Refuses URLs whose host is a literal address that is not public; names are judged when they are resolved.
 * @throws PrivateHostError
 */
export function assertPublicHost(url: URL): void {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (ipaddr.isValid(host) && !isPublicAddress(host)) throw new PrivateHostError("The host is a private address.");
}

/**
 * A DNS look-up that fails when any of the name's addresses is not public. It stands at the connection itself, so
 * a name that changes its answer between a check and the call gains nothing.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, "", 0);
    if (addresses.length === 0 || addresses.some(({ address }) => !isPublicAddress(address))) {
      return callback(new PrivateHostError("The host resolves to a private address."), "", 0);
    }
    if (options.all) return callback(null, addresses);
    callback(null, addresses[0]!.address, addresses[0]!.family);
  });
};
