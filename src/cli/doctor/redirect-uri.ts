import type { Config } from "../../config.js";
import { CALLBACK_PATH } from "../../connect/paths.js";
import type { Finding } from "./finding.js";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Checks the redirect URI of a provider. Whether it is registered there is known only to the provider. */
export function redirectUriFinding(
  slug: string,
  { publicUrl, production, host, port }: Pick<Config, "publicUrl" | "production" | "host" | "port">,
): Omit<Finding, "check"> {
  if (publicUrl === undefined) {
    return {
      status: production ? "failed" : "warning",
      message: `Without CRMESH_PUBLIC_URL, the redirect URI is http://${host}:${port}${CALLBACK_PATH}/${slug}`,
      advice: "Set CRMESH_PUBLIC_URL to the origin at which end users reach crmesh.",
    };
  }
  const { protocol, hostname } = new URL(publicUrl);
  const uri = `${publicUrl}${CALLBACK_PATH}/${slug}`;
  if (protocol !== "https:" && !LOOPBACK.has(hostname)) {
    return {
      status: "failed",
      message: `The redirect URI ${uri} is not https`,
      advice: "Set CRMESH_PUBLIC_URL to an https origin: authorization servers refuse http, except for localhost.",
    };
  }
  return {
    status: "ok",
    message: `The redirect URI is ${uri}`,
    advice: "It must be registered at the provider, letter for letter.",
  };
}
