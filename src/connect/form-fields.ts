import type { CredentialField, Provider } from "../providers/contract/contract.js";

/** The field before the consent page: a question of the provider, or the address of the end user’s own authorization server. */
export function askedField({ oauth }: Provider): CredentialField | undefined {
  return (oauth?.question ?? oauth?.ownServers)?.field;
}

/** The fields of a CRM's form: the one before the consent page, or its credentials. */
export function formFields(provider: Provider): readonly CredentialField[] {
  const asked = askedField(provider);
  return asked ? [asked] : provider.credentialFields;
}
