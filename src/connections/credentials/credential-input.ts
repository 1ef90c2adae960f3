import { CrmError, invalidInput } from "../../errors/crm-error.js";
import type { Credentials, Provider } from "../../providers/contract/contract.js";
import { isHeaderText } from "../../upstream/sendable.js";

/** Characters. Longer than any vendor's token. */
const MAX_LENGTH = 8_192;
/** Control characters could end the header or line that contains the credential. */
// eslint-disable-next-line no-control-regex
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f]/;
/** Most CRMs take their tokens and keys from a header. No CRM issues one that a header cannot carry. */
const UNSENDABLE =
  "This has characters that a header of HTTP cannot carry. Copy it again: it has only Latin letters, digits and signs.";

/**
 * Checks a caller's credentials for a provider. The errors never repeat a value.
 * @throws CrmError MISSING_REQUIRED or INVALID_INPUT naming the fields
 */
export function readCredentials(provider: Provider, given: unknown): Credentials {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw invalidInput({ "input.credentials": "Expected an object with the provider’s credential fields." });
  }
  const missing: Record<string, string> = {};
  const invalid: Record<string, string> = {};
  const credentials: Record<string, string> = {};
  const entries = given as Record<string, unknown>;
  const names = provider.credentialFields.map(({ name }) => name);
  for (const name of Object.keys(entries)) {
    if (!names.includes(name))
      invalid[path(name)] =
        `${provider.name} has no credential field of this name. Its credential fields are ${names.join(", ")}.`;
  }
  for (const { name, required, secret } of provider.credentialFields) {
    const value = entries[name];
    if (value === undefined || value === null || value === "") {
      if (required) missing[path(name)] = `${provider.name} requires this field.`;
    } else if (typeof value !== "string") invalid[path(name)] = "Expected a string.";
    else if (value.length > MAX_LENGTH)
      invalid[path(name)] = `Expected at most ${MAX_LENGTH} characters, got ${value.length}.`;
    else if (CONTROL_CHARACTERS.test(value)) invalid[path(name)] = "This must not contain control characters.";
    else if (secret && !isHeaderText(value.trim())) invalid[path(name)] = UNSENDABLE;
    else credentials[name] = value.trim();
  }
  if (Object.keys(invalid).length > 0) throw invalidInput(invalid);
  if (Object.keys(missing).length > 0) throw new CrmError("MISSING_REQUIRED", { errors: missing });
  return credentials;
}

function path(name: string): string {
  return `input.credentials.${name}`;
}

/**
 * Runs a check of the caller's credentials, e.g. a provider's. Its errors then name the fields by their path in the
 * caller's input.
 */
export function withInputPaths<Result>(given: Credentials, check: () => Result): Result {
  const rename = (error: unknown): never => {
    if (!(error instanceof CrmError) || !error.details.errors) throw error;
    const errors: Record<string, string> = {};
    for (const [name, problem] of Object.entries(error.details.errors)) errors[inputPath(name, given)] = problem;
    throw new CrmError(error.code, { ...error.details, errors });
  };
  try {
    const result = check();
    return (result instanceof Promise ? result.catch(rename) : result) as Result;
  } catch (error) {
    return rename(error);
  }
}

/** The upstream client reports a refused `host`: it comes from the one credential field that is an address. */
function inputPath(name: string, given: Credentials): string {
  const address = Object.keys(given).find((field) => URL.canParse(given[field]!));
  return name === "host" && address !== undefined ? path(address) : `input.${name}`;
}
