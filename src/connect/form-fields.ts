import type { CredentialField, Provider } from "../providers/contract/contract.js";

/** What the end user is asked before the consent page: a question, or the address of an authorization server of their own. */
export function askedField({ oauth }: Provider): CredentialField | undefined {
  return (oauth?.question ?? oauth?.ownServers)?.field;
}

/** The fields of a CRM's form: what is asked before the consent page, or its credentials. */
export function formFields(provider: Provider): readonly CredentialField[] {
  const asked = askedField(provider);
  return asked ? [asked] : provider.credentialFields;
}
