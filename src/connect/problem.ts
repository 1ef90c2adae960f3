import type { ErrorCode } from "../errors/catalogue.js";
import type { CrmError } from "../errors/crm-error.js";
import type { Provider } from "../providers/contract/contract.js";
import { formFields } from "./form-fields.js";
import type { Notice } from "./notices.js";

/** What went wrong at a CRM, for the end user. */
export interface Problem {
  notice: Notice;
  /** Credential field → what is wrong with it. */
  fields: Record<string, string>;
  status: number;
  /** Seconds. */
  retryAfter: number | null;
}

const FIELD_PATH = "input.credentials.";
/** What the end user can mend: the page is shown once more. */
const MENDABLE_STATUS = 422;

interface Words {
  heading: (name: string) => string;
  text: (error: CrmError) => string;
  mendable?: boolean;
}

const couldNot = (name: string) => `${name} could not be connected`;
const INPUT: Words = { heading: couldNot, text: otherErrors, mendable: true };
const REFUSED: Words = {
  heading: (name) => `${name} did not accept this`,
  text: () => "Nothing was saved. Check what you entered and try again.",
  mendable: true,
};
const REFUSED_CONSENT: Words = {
  heading: (name) => `${name} did not grant access`,
  text: () => "Nothing was saved. You can try again.",
  mendable: true,
};
const UNREACHABLE: Words = {
  heading: (name) => `${name} cannot be reached`,
  text: ({ details }) => `It does not answer. Nothing was saved. Try again in ${timeIn(details.retryAfter)}.`,
};
const OURS: Words = { heading: couldNot, text: () => "The fault is on our side. Try again in a moment." };

const WORDS: Partial<Record<ErrorCode, Words>> = {
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
    heading: (name) => `${name} has been connected in the meantime`,
    text: () => "It may have happened in another window. Go back to see it.",
  },
};

export function problemOf(error: CrmError, provider: Provider): Problem {
  const { code, definition } = error;
  const { detail = null, retryAfter = null } = error.details;
  const found = WORDS[code] ?? OURS;
  const words = found === REFUSED && provider.oauth ? REFUSED_CONSENT : found;
  return {
    notice: { tone: "bad", heading: words.heading(provider.name), text: words.text(error), detail },
    fields: fieldProblems(error, provider),
    status: words.mendable ? MENDABLE_STATUS : definition.status,
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
