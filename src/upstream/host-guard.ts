import dns from "node:dns";
import type { LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";

/** Thrown if an end user entered a host with a private, loopback, link-local or reserved address. */
export class PrivateHostError extends Error {
  override readonly name = "PrivateHostError";
}

/** True for an IP address of the public internet. For IPv4 in IPv6, the IPv4 address counts. */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "unicast";
}

/**
 * Refuses URLs whose host is an IP address that is not public. `publicLookup` checks host names.
 * @throws PrivateHostError
 */
export function assertPublicHost(url: URL): void {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (ipaddr.isValid(host) && !isPublicAddress(host)) throw new PrivateHostError("The host is a private address.");
}

/**
 * A DNS look-up that fails if any address of the name is not public. The connection itself uses it, so that a name cannot
 * resolve to another address after the check.
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
