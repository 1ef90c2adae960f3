const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Whether the sandbox's client may be answered there: at any https address, or by plain http on this machine. A real
 * client has its addresses registered; this one belongs to whoever runs the sandbox, wherever that is.
 */
export function isRedirectUri(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username !== "" || password !== "" || hash !== "" || text.endsWith("#")) return false;
  return protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname));
}

/** Adds the answer to the redirect URI, without members that are null. */
export function redirectTarget(redirectUri: string, answer: Readonly<Record<string, string | null>>): string {
  const url = new URL(redirectUri);
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(answer)) if (value !== null) parameters.append(name, value);
  // Not through `searchParams`, which would rewrite the app's own query.
  url.search = `${url.search === "" ? "?" : `${url.search}&`}${parameters.toString()}`;
  return url.href;
}
