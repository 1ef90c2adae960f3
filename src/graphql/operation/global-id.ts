import { invalidInput } from "../../errors/crm-error.js";
import { RESOURCES, type ResourceName } from "../../providers/contract/model.js";

export interface GlobalId {
  resource: ResourceName;
  connectionId: string;
  nativeId: string;
}

const LETTERS = { contact: "c", lead: "l", meeting: "m" } as const satisfies Record<ResourceName, string>;
const BY_LETTER = new Map<string, ResourceName>(RESOURCES.map((resource) => [LETTERS[resource], resource]));

/** Makes the opaque id of a record from its resource, connection and native id. */
export function encodeGlobalId({ resource, connectionId, nativeId }: GlobalId): string {
  return Buffer.from(`${LETTERS[resource]}:${connectionId}:${nativeId}`).toString("base64url");
}

/** Returns null if the text is not a global id, e.g. if it is a native id. */
export function decodeGlobalId(id: string): GlobalId | null {
  const match = /^([clm]):(con_[a-z0-9]+):(.+)$/is.exec(Buffer.from(id, "base64url").toString());
  if (!match) return null;
  const [, letter = "", connectionId = "", nativeId = ""] = match;
  const resource = BY_LETTER.get(letter);
  if (!resource) return null;
  const decoded = { resource, connectionId, nativeId };
  // base64url decoding accepts many spellings. Only the exact spelling is a global id.
  return encodeGlobalId(decoded) === id ? decoded : null;
}

/**
 * Returns the native id of a record that must belong to this resource and connection. Accepts global and native ids.
 * @throws CrmError INVALID_INPUT for the input path `path` if the record belongs to another resource or connection
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
