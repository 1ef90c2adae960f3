const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Whether the sandbox's client may use this redirect URI: any https address, or plain http on this machine. A real
 * client registers its redirect URIs. The sandbox accepts all of these, because anybody can run it anywhere.
 */
export function isRedirectUri(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username !== "" || password !== "" || hash !== "" || text.endsWith("#")) return false;
  return protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname));
}

/** Adds the answer to the redirect URI, without its null members. */
export function redirectTarget(redirectUri: string, answer: Readonly<Record<string, string | null>>): string {
  const url = new URL(redirectUri);
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(answer)) if (value !== null) parameters.append(name, value);
  // Does not use `searchParams`, because that would rewrite the app's own query.
  url.search = `${url.search === "" ? "?" : `${url.search}&`}${parameters.toString()}`;
  return url.href;
}
