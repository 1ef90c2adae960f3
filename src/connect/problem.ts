import type { ErrorCode } from "../errors/catalogue.js";
import type { CrmError } from "../errors/crm-error.js";
import type { Provider } from "../providers/contract/contract.js";
import { formFields } from "./form-fields.js";
import type { Notice } from "./redirect-notices.js";

/** A failed attempt to connect a CRM, as the end user sees it. */
export interface Problem {
  notice: Notice;
  /** Credential field → what is wrong with it. */
  fields: Record<string, string>;
  status: number;
  /** Seconds. */
  retryAfter: number | null;
}

const FIELD_PATH = "input.credentials.";
/** Status of a form that is shown again because the end user can correct it. */
const CORRECTABLE_STATUS = 422;

interface Message {
  heading: (name: string) => string;
  text: (error: CrmError) => string;
  correctable?: boolean;
}

const couldNot = (name: string) => `${name} could not be connected`;
const INPUT: Message = { heading: couldNot, text: otherErrors, correctable: true };
const REFUSED: Message = {
  heading: (name) => `${name} did not accept this`,
  text: () => "Nothing was saved. Check what you entered and try again.",
  correctable: true,
};
const REFUSED_CONSENT: Message = {
  heading: (name) => `${name} did not grant access`,
  text: () => "Nothing was saved. You can try again.",
  correctable: true,
};
const UNREACHABLE: Message = {
  heading: (name) => `${name} cannot be reached`,
  text: ({ details }) => `Nothing was saved. Try again in ${timeIn(details.retryAfter)}.`,
};
const OURS: Message = {
  heading: couldNot,
  text: () => "Something went wrong on our side. Nothing was saved. Try again in a moment.",
};

const MESSAGES: Partial<Record<ErrorCode, Message>> = {
  MISSING_REQUIRED: INPUT,
  INVALID_INPUT: INPUT,
  PROVIDER_AUTH_FAILED: REFUSED,
  NEEDS_REAUTH: REFUSED,
  PROVIDER_UNAVAILABLE: UNREACHABLE,
  CIRCUIT_OPEN: UNREACHABLE,
  PROVIDER_RATE_LIMITED: {
    heading: (name) => `${name} is busy`,
    text: ({ details }) => `Nothing was saved. Try again in ${timeIn(details.retryAfter)}.`,
  },
  PROVIDER_ERROR: {
    heading: (name) => `${name} gave an unexpected answer`,
    text: () => "Nothing was saved. Try again in a moment.",
  },
  CONNECTION_ALREADY_EXISTS: {
    heading: (name) => `${name} is already connected`,
    text: () => "You may have done this in another window. Go back to check.",
  },
};

export function problemOf(error: CrmError, provider: Provider): Problem {
  const { code, definition } = error;
  const { detail = null, retryAfter = null } = error.details;
  const found = MESSAGES[code] ?? OURS;
  const message = found === REFUSED && provider.oauth ? REFUSED_CONSENT : found;
  return {
    notice: { tone: "bad", heading: message.heading(provider.name), text: message.text(error), detail },
    fields: fieldProblems(error, provider),
    status: message.correctable ? CORRECTABLE_STATUS : definition.status,
    retryAfter: retryAfter === null ? null : Math.max(1, Math.ceil(retryAfter)),
  };
}

function fieldProblems({ code, details }: CrmError, provider: Provider): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [path, problem] of Object.entries(details.errors ?? {})) {
    const field = formFields(provider).find(({ name }) => path === FIELD_PATH + name);
    if (field) found[field.name] = code === "MISSING_REQUIRED" ? "Fill this in." : problem;
  }
  return found;
}

function otherErrors({ details }: CrmError): string {
  return ["Nothing was saved.", ...Object.values(details.errors ?? {})].join(" ");
}

function timeIn(seconds: number | undefined): string {
  if (seconds === undefined || seconds <= 1) return "a moment";
  return seconds < 120 ? `${Math.ceil(seconds)} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}
