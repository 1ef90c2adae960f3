import { domainToASCII } from "node:url";

/** The most characters of an address, and of the part before its `@` (RFC 5321, 4.5.3.1). */
const [LENGTH_MAX, LOCAL_MAX] = [254, 64];
/** A host's name in ASCII. Addresses of machines by number, in brackets, belong to no person. */
const HOST = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/;

/**
 * The form in which e-mail addresses are compared: without spaces around it, in lower case, the domain in ASCII (IDN).
 * Nothing else is changed, because the searches of CRMs ignore no other difference: neither dots nor a `+tag`.
 * @returns null if the text is no address that a CRM can have, e.g. with a space or a control character in it
 */
export function normalEmail(text: string): string | null {
  const address = text.trim().toLowerCase();
  const at = address.lastIndexOf("@");
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  if (at < 1 || local.length > LOCAL_MAX || /[\s\p{C}]/u.test(address)) return null;
  const ascii = domainToASCII(domain);
  const normal = `${local}@${ascii}`;
  return HOST.test(ascii) && normal.length <= LENGTH_MAX ? normal : null;
}
