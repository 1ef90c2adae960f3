/** A part of a credential, as a person enters it. */
export interface CredentialField {
  name: string;
  label: string;
  /** Where people find it, or what it looks like. */
  hint?: string;
  secret: boolean;
  required: boolean;
}
