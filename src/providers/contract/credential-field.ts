/** One field of a credential, as a person enters it. */
export interface CredentialField {
  name: string;
  label: string;
  /** Tells people where they find the value, or what it looks like. */
  hint?: string;
  secret: boolean;
  required: boolean;
}
