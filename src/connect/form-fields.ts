import type { CredentialField, Provider } from "../providers/contract/contract.js";

/** The fields of a CRM's form: its credentials, or the question before the consent page. */
export function formFields({ oauth, credentialFields }: Provider): readonly CredentialField[] {
  return oauth?.question ? [oauth.question.field] : credentialFields;
}
