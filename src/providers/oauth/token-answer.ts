import { CrmError } from "../../errors/crm-error.js";
import { statedNumber } from "../../upstream/stated.js";

/** Characters of a token (RFC 6749, appendix A). Other characters could break out of the header. */
const TOKEN = /^[\x20-\x7e]+$/;
/** Longer than any vendor's token, and the maximum length of a header. */
const MAX_LENGTH = 16_384;
/** Seconds. crmesh ignores a longer lifetime. */
const MAX_LIFETIME_S = 10 * 366 * 86_400;

export interface TokenAnswer {
  access_token?: string;
  refresh_token?: string;
  expires_in?: number;
  scope?: string;
  token_type: string;
}

/**
 * Converts a token endpoint's response into the standard form (RFC 6749 §5.1). Missing and invalid members are omitted,
 * so that one check finds them. Accepts the variants of vendors: no `token_type`, numbers as text, `scopes` as a list
 * or separated by commas. Omits `id_token`: crmesh does not use it and does not know its signer.
 */
export function standardAnswer(body: Record<string, unknown>): TokenAnswer {
  const accessToken = tokenOf(body["access_token"]);
  const refreshToken = tokenOf(body["refresh_token"]);
  const expiresIn = lifetimeOf(body["expires_in"]);
  const scopes = scopesOf(body["scope"] ?? body["scopes"]);
  const tokenType = body["token_type"];
  return {
    ...(accessToken === undefined ? {} : { access_token: accessToken }),
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    ...(expiresIn === undefined ? {} : { expires_in: expiresIn }),
    ...(scopes.length === 0 ? {} : { scope: scopes.join(" ") }),
    // All vendors use bearer tokens, and some do not state it.
    token_type: typeof tokenType === "string" && tokenType !== "" ? tokenType : "bearer",
  };
}

/**
 * Reads the values of a token response that crmesh stores in addition to the tokens: credential field → value.
 * @param required whether an absent member is an error
 * @throws CrmError PROVIDER_ERROR
 */
export function answerFieldsOf(
  body: Record<string, unknown>,
  fields: Readonly<Record<string, string>>,
  required: boolean,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [field, member] of Object.entries(fields)) {
    const value = tokenOf(body[member]);
    if (value !== undefined) kept[field] = value;
    else if (required) {
      throw new CrmError("PROVIDER_ERROR", { detail: `The token endpoint’s response lacks \`${member}\`.` });
    }
  }
  return kept;
}

/** Reads scopes in any of the forms that vendors use. */
export function scopesOf(value: unknown): string[] {
  const texts = (Array.isArray(value) ? value : [value]).filter((part) => typeof part === "string");
  return [...new Set(texts.flatMap((text) => text.split(/[\s,]+/)).filter((scope) => scope !== ""))];
}

function tokenOf(value: unknown): string | undefined {
  return typeof value === "string" && value.length <= MAX_LENGTH && TOKEN.test(value) ? value : undefined;
}

function lifetimeOf(value: unknown): number | undefined {
  const seconds = Array.isArray(value) ? undefined : statedNumber(value);
  return seconds && seconds <= MAX_LIFETIME_S ? seconds : undefined;
}
