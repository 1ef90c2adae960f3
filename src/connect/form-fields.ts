import type { CredentialField, Provider } from "../providers/contract/contract.js";

/** What the page of a CRM asks in a form: its credentials, or what must be known before consent. */
export function formFields({ oauth, credentialFields }: Provider): readonly CredentialField[] {
  return oauth?.question ? [oauth.question.field] : credentialFields;
}
