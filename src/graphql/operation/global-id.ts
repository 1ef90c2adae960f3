import { invalidInput } from "../../errors/crm-error.js";
import { RESOURCES, type ResourceName } from "../../providers/contract/model.js";

export interface GlobalId {
  resource: ResourceName;
  connectionId: string;
  nativeId: string;
}

const LETTERS = { contact: "c", lead: "l", meeting: "m" } as const satisfies Record<ResourceName, string>;
const BY_LETTER = new Map<string, ResourceName>(RESOURCES.map((resource) => [LETTERS[resource], resource]));

/** The opaque id of a record: resource, connection and native id inside. */
export function encodeGlobalId({ resource, connectionId, nativeId }: GlobalId): string {
  return Buffer.from(`${LETTERS[resource]}:${connectionId}:${nativeId}`).toString("base64url");
}

/** null for what is no global id, e.g. a native one. */
export function decodeGlobalId(id: string): GlobalId | null {
  const match = /^([clm]):(con_[a-z0-9]+):(.+)$/is.exec(Buffer.from(id, "base64url").toString());
  if (!match) return null;
  const [, letter = "", connectionId = "", nativeId = ""] = match;
  const resource = BY_LETTER.get(letter);
  if (!resource) return null;
  const decoded = { resource, connectionId, nativeId };
  // base64url decoding forgives a lot; an id is one only in its exact form.
  return encodeGlobalId(decoded) === id ? decoded : null;
}

/**
 * The native id behind an id that must be of this connection and resource: a global one, or the native one itself.
 * @throws CrmError INVALID_INPUT under `path`
 */
export function nativeIdWithin(id: string, resource: ResourceName, connectionId: string, path: string): string {
  const decoded = decodeGlobalId(id);
  if (!decoded) return id;
  if (decoded.resource !== resource)
    throw invalidInput({ [path]: `Expected the id of a ${resource}, but this is the id of a ${decoded.resource}.` });
  if (decoded.connectionId !== connectionId)
    throw invalidInput({
      [path]: "The record belongs to another connection. Records can be linked only within one connection.",
    });
  return decoded.nativeId;
}
