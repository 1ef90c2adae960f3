/** One field of a credential, as a person enters it. */
export interface CredentialField {
  name: string;
  label: string;
  /** Tells people where they find the value, or what it looks like. */
  hint?: string;
  /** True for a token or a key. It must be a text that a header of HTTP can carry. */
  secret: boolean;
  required: boolean;
}
