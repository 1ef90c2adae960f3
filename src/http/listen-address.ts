import { lookup } from "node:dns/promises";

/**
 * Returns the address on which the server listens. For `localhost` it is the first address that the name resolves to:
 * Fastify would start a second server for the other one, without the handlers that `createApp` gives to the first.
 */
export async function listenAddress(
  host: string,
  resolve: (host: string) => Promise<{ address: string }> = lookup,
): Promise<string> {
  return host === "localhost" ? (await resolve(host)).address : host;
}
