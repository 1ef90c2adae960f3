import { CrmError } from "../../errors/crm-error.js";

/** Characters that a token can have (RFC 6749, appendix A): with others it would break out of its header. */
const TOKEN = /^[\x20-\x7e]+$/;
/** Longer than any vendor's token, and as long as a header may be. */
const MAX_LENGTH = 16_384;
/** Seconds; what claims to live longer says nothing of its end. */
const MAX_LIFETIME_S = 10 * 366 * 86_400;

export interface TokenAnswer {
  access_token?: string;
  refresh_token?: string;
  expires_in?: number;
  scope?: string;
  token_type: string;
}

/**
 * The members of a token endpoint's answer in the standard's form (RFC 6749 §5.1), as far as they are used. What is
 * missing or no good is left out, so that one check finds it, and vendors may be as careless as they are:
 * without `token_type`, with numbers as text, with `scopes` as a list or separated by commas. An `id_token` is left out
 * too: it identifies nobody here, and who signs it is not known.
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
    // Everybody’s tokens are bearer tokens, so some do not say it.
    token_type: typeof tokenType === "string" && tokenType !== "" ? tokenType : "bearer",
  };
}

/**
 * What of an answer is kept beside the tokens: credential field → value, for the members that the answer has.
 * @param required whether an absent one is a fault
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

/** In any of the forms in which vendors list scopes. */
export function scopesOf(value: unknown): string[] {
  const texts = (Array.isArray(value) ? value : [value]).filter((part) => typeof part === "string");
  return [...new Set(texts.flatMap((text) => text.split(/[\s,]+/)).filter((scope) => scope !== ""))];
}

function tokenOf(value: unknown): string | undefined {
  return typeof value === "string" && value.length <= MAX_LENGTH && TOKEN.test(value) ? value : undefined;
}

function lifetimeOf(value: unknown): number | undefined {
  const seconds = typeof value === "string" || typeof value === "number" ? Number(value) : NaN;
  return seconds > 0 && seconds <= MAX_LIFETIME_S ? seconds : undefined;
}
