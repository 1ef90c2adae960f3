import type { LeadInput } from "../../../providers/contract/input.js";
import type { ConnectionRecord } from "../../../store/connections.js";
import { nativeIdWithin } from "../../operation/global-id.js";

/**
 * Replaces the global id of the contact with the CRM's own id.
 * @throws CrmError INVALID_INPUT if the id belongs to another resource or connection
 */
export function nativeInput(input: LeadInput, { id }: ConnectionRecord): LeadInput {
  const { contactId } = input;
  if (!contactId) return input;
  return { ...input, contactId: nativeIdWithin(contactId, "contact", id, "input.contactId") };
}
